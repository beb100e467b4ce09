-- Decides calls in their order, each on one or more limits, all or nothing.
--
-- A limit's state is one number: when its bucket will be full again, in microseconds of this
-- server's clock (GCRA's theoretical arrival time). A key lives as long as it owes anything.
--
-- KEYS: one for each limit.
-- ARGV: for each limit what a whole burst costs; then, for each call, what it costs on each limit.
--       A call that costs nothing anywhere only looks.
-- Returns for each call and limit what is owed, in microseconds: after an admission, or, if the
-- call was refused, -1 - owed.
--
-- All numbers are whole and below 2^53, so that doubles are exact.
local limits = #KEYS
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

local burst, debt, changed, cut = {}, {}, {}, {}
for i = 1, limits do
  burst[i] = tonumber(ARGV[i])
  local arrival = redis.call('GET', KEYS[i])
  local owed = 0
  if arrival then
    owed = math.max(tonumber(arrival) - now, 0)
  end
  if owed > burst[i] + burst[i] then
    -- The clock was ahead and came back: nobody can owe this much.
    owed = burst[i]
    cut[i] = true
  end
  debt[i] = owed
end

local answers = {}
for call = limits + 1, #ARGV, limits do
  local fits = true
  local cost = {}
  for i = 1, limits do
    cost[i] = tonumber(ARGV[call + i - 1])
    if debt[i] > burst[i] - cost[i] then
      fits = false
    end
  end
  for i = 1, limits do
    if cost[i] > 0 then
      if fits then
        debt[i] = debt[i] + cost[i]
        changed[i] = true
      elseif cut[i] then
        changed[i] = true
      end
    end
    answers[#answers + 1] = fits and debt[i] or -1 - debt[i]
  end
end

for i = 1, limits do
  if changed[i] then
    local arrival = now + debt[i]
    redis.call(
      'SET', KEYS[i], string.format('%.0f', arrival),
      'PXAT', string.format('%.0f', math.ceil(arrival / 1000)))
  end
end
return answers
