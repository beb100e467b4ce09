-- 10,000 clients behind one proxy, in random order; every request is made before the run.
local requests = {}

function init(args)
  math.randomseed(20250127)
  for i = 1, 10000 do
    local headers = { ["X-Forwarded-For"] = "198.18." .. math.floor(i / 256) .. "." .. (i % 256) }
    requests[i] = wrk.format("GET", "/v1/chat/completions", headers)
  end
end

function request()
  return requests[math.random(10000)]
end
