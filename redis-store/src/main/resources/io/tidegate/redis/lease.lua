-- Settles with a node that lets calls pass by itself, and leases it more permits.
--
-- The state is that of decide.lua: one number, when the bucket will be full again.
--
-- KEYS: the limit's.
-- ARGV: what a whole burst costs; what a permit costs; how many permits come back unused; how many
--       the node has let pass ahead, to be charged in any case; how many more it would like.
-- Returns how many were charged of those that it let pass, as many as two bursts of debt allow; how
-- many more it got, as many as there are; and what is owed, in microseconds.
--
-- All numbers are whole and below 2^53, so that doubles are exact.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local burst, permit = tonumber(ARGV[1]), tonumber(ARGV[2])
local back, ahead, wanted = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])

local arrival = redis.call('GET', KEYS[1])
local before = 0
if arrival then
  before = math.max(tonumber(arrival) - now, 0)
end
local owed = before
if owed > burst + burst then
  -- The clock was ahead and came back: nobody can owe this much.
  owed = burst
end

owed = math.max(owed - back * permit, 0)
local charged = math.min(ahead, math.floor((burst + burst - owed) / permit))
owed = owed + charged * permit
local granted = math.min(wanted, math.max(math.floor((burst - owed) / permit), 0))
owed = owed + granted * permit

if owed == 0 and before > 0 then
  redis.call('DEL', KEYS[1])
elseif owed ~= before then
  arrival = now + owed
  redis.call(
    'SET', KEYS[1], string.format('%.0f', arrival),
    'PXAT', string.format('%.0f', math.ceil(arrival / 1000)))
end
return {charged, granted, owed}
