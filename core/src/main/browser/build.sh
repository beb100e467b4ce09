#!/bin/sh
# Builds the scripts that the challenge page and single-page applications load.
#
#   core/src/main/browser/build.sh            writes them to core/src/main/resources
#   core/src/main/browser/build.sh --check    builds them elsewhere, and compares byte for byte
#
# Needs clang and wasm-ld of LLVM 14 (Debian bookworm: clang, lld), sh, sed, awk, base64. Java
# developers need none of it: what it writes is in the repository.

set -eu
export LC_ALL=C

sources=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
served=$sources/../resources/io/tidegate/http
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

case ${1-} in
  '') out=$served ;;
  --check) out=$scratch/out ;;
  *) echo "usage: $0 [--check]" >&2; exit 2 ;;
esac
mkdir -p "$out"

version=$(clang --version | sed -n 's/.*clang version \([0-9]*\).*/\1/p')
if [ "$version" != 14 ]; then
  echo "clang: version ${version:-unknown} (expected: 14, another one writes other bytes)" >&2
  exit 2
fi

# sha256.c as WebAssembly, in base64. Linked by hand: the driver of clang would run wasm-opt if it
# is installed, and then the bytes would depend on it.
webassembly() {
  name=$1
  shift
  (cd "$sources" && clang --target=wasm32 -std=c11 -O2 -Wall -Wextra -Werror -ffreestanding \
    -fno-ident "$@" -c -o "$scratch/$name.o" sha256.c)
  wasm-ld --no-entry --strip-all -z stack-size=4096 \
    --initial-memory=65536 --max-memory=65536 -o "$scratch/$name.wasm" "$scratch/$name.o"
  base64 "$scratch/$name.wasm" | tr -d '\n' > "$scratch/$name.base64"
}

# Comments and indentation are for readers of the sources; visitors need not wait for them.
stripped() {
  echo '// Tidegate, Apache-2.0. Sources: core/src/main/browser'
  cat "$@" | sed -e 's/^ *//' -e '/^\/\//d' -e '/^$/d'
}

webassembly scalar
webassembly simd -msimd128
awk -f "$sources/rounds.awk" > "$scratch/rounds.js"

sed -e "s|@simd@|$(cat "$scratch/simd.base64")|" \
  -e "s|@scalar@|$(cat "$scratch/scalar.base64")|" \
  -e "/@rounds@/r $scratch/rounds.js" "$sources/worker.js" > "$scratch/worker.js"

stripped "$scratch/worker.js" > "$out/worker.js"
stripped "$sources/solve.js" "$sources/page.js" > "$out/page.js"
stripped "$sources/solve.js" "$sources/fetch.js" > "$out/fetch.js"

if [ "$out" != "$served" ]; then
  for script in worker.js page.js fetch.js; do
    cmp "$out/$script" "$served/$script" || {
      echo "$script: not what the sources build (run $0)" >&2
      exit 1
    }
  done
  echo 'worker.js, page.js, fetch.js: as built from their sources'
fi
