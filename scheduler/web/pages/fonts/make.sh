#!/bin/sh
# make.sh FOLDER - makes the two fonts of the pages anew, from NotoSans-Regular.ttf and
# NotoSans-Bold.ttf in FOLDER (Noto Sans 2.015, SIL Open Font License 1.1, no reserved name).
#
# One file a weight and no unicode-range: a letter and the breve on it must come from one file.
# Needs Debian's fonttools and python3-brotli. Run by hand when the letters change; the build
# takes the files as they lie here.
set -eu
here=$(dirname "$(readlink -f "$0")")
# ASCII; Latin-1; Latin Extended-A; the letters of Bahnar, Jrai and their neighbours; combining
# marks; Vietnamese; dashes, quotes, bullets, arrows and signs that the pages write.
letters=U+0020-007E,U+00A0-017F,U+0180,U+019F-01A1,U+01AF,U+01B0,U+0243,U+0253,U+0257,U+0268
letters=$letters,U+0289,U+02BC,U+02BD,U+0300-0304,U+0306-030C,U+031B,U+0323,U+0324,U+0330,U+0331
letters=$letters,U+1E00-1EFF,U+2010-2015,U+2018-201E,U+2022,U+2026,U+2030,U+2032,U+2033,U+20AB
letters=$letters,U+2190-2193,U+2212,U+2260,U+2264,U+2265
for weight in Regular Bold; do
    pyftsubset "$1/NotoSans-$weight.ttf" --unicodes="$letters" --flavor=woff2 \
        --layout-features=ccmp,locl,mark,mkmk,kern,liga,tnum,lnum --no-hinting \
        --output-file="$here/noto-sans-$(echo $weight | tr A-Z a-z).woff2"
done
