# Writes the rounds of SHA-256 as JavaScript, one after the other: sha256.c says which and why.
# JavaScript has no macros, and calls in the innermost loop cost half of the speed.

function rotated(x, n) {
  return "(" x " >>> " n " | " x " << " (32 - n) ")"
}

function expand(i,    behind, before) {
  behind = "w" (i + 1) % 16
  before = "w" (i + 14) % 16
  print "w" i " = w" i \
    " + (" rotated(behind, 7) " ^ " rotated(behind, 18) " ^ " behind " >>> 3)" \
    " + w" (i + 9) % 16 \
    " + (" rotated(before, 17) " ^ " rotated(before, 19) " ^ " before " >>> 10) | 0;"
}

function round(i, constant,    a, b, c, d, e, f, g, h) {
  a = name(0, i); b = name(1, i); c = name(2, i); d = name(3, i)
  e = name(4, i); f = name(5, i); g = name(6, i); h = name(7, i)
  print h " = " h " + (" rotated(e, 6) " ^ " rotated(e, 11) " ^ " rotated(e, 25) ")" \
    " + (" g " ^ " e " & (" f " ^ " g "))" \
    " + " constant " + w" i " | 0;"
  print d " = " d " + " h " | 0;"
  print h " = " h " + (" rotated(a, 2) " ^ " rotated(a, 13) " ^ " rotated(a, 22) ")" \
    " + (" b " ^ (" a " ^ " b ") & (" b " ^ " c ")) | 0;"
}

# The names move instead of the words.
function name(place, i) {
  return substr("abcdefgh", (place - i % 8 + 10) % 8 + 1, 1)
}

BEGIN {
  for (i = 10; i < 16; i++) {
    round(i, "K[" i "]")
  }
  print "for (let i = 16; i < 64; i += 16) {"
  for (i = 0; i < 16; i++) {
    expand(i)
    round(i, "K[i + " i "]")
  }
  print "}"
}
