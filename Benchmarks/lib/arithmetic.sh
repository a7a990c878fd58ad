# shellcheck shell=bash
# What the shell cannot divide.

# per A B SCALE: A / B * SCALE
per() {
    awk -v a="$1" -v b="$2" -v scale="$3" 'BEGIN { printf "%.6g\n", (b > 0 ? a / b * scale : 0) }'
}

difference() {
    awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f\n", a - b }'
}
