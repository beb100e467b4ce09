-- Decides calls in their order, each on one or more limits, all or nothing.
--
-- A limit's state is one number: when its bucket will be full again, in microseconds of this
-- server's clock (GCRA's theoretical arrival time). A key lives as long as it owes anything.
--
-- KEYS: all that the calls are about, each once.
-- ARGV: for each call on how many limits it is; then, for each of those, which key, what a whole
--       burst costs, and what the call costs. A call that costs nothing anywhere only looks.
-- Returns for each call and limit what is owed, in microseconds: after an admission, or, if the
-- call was refused, -1 - owed.
--
-- All numbers are whole and below 2^53, so that doubles are exact.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

local debt, changed, cut = redis.call('MGET', unpack(KEYS)), {}, {}
for k = 1, #KEYS do
  debt[k] = math.max((tonumber(debt[k]) or now) - now, 0)
end

local answers = {}
local at = 1
while at <= #ARGV do
  local limits = tonumber(ARGV[at])
  local key, cost, fits = {}, {}, true
  for i = 1, limits do
    local k, burst = tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
    key[i], cost[i] = k, tonumber(ARGV[at + 3])
    at = at + 3
    if debt[k] > burst + burst then
      -- The clock was ahead and came back: nobody can owe this much.
      debt[k] = burst
      cut[k] = true
    end
    fits = fits and debt[k] <= burst - cost[i]
  end
  at = at + 1
  for i = 1, limits do
    local k = key[i]
    if cost[i] > 0 then
      if fits then
        debt[k] = debt[k] + cost[i]
      end
      changed[k] = changed[k] or fits or cut[k]
    end
    answers[#answers + 1] = fits and debt[k] or -1 - debt[k]
  end
end

for k = 1, #KEYS do
  if changed[k] then
    local arrival = now + debt[k]
    redis.call(
      'SET', KEYS[k], string.format('%.0f', arrival),
      'PXAT', string.format('%.0f', math.ceil(arrival / 1000)))
  end
end
return answers
