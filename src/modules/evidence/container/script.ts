/**
 * What stands in `VERIFY.txt`: a shell script that a reader can follow by eye or run. It uses unzip, openssl and the
 * usual small tools only, and takes roots from the reader's own copies.
 */
export const verifyScript = `# How to check this container without our software. Needs: unzip openssl coreutils sed; age to open sealed parts.
#
#   unzip x.asice -d x && cd x
#   ROOT=/your/copy/of/state-root.pem TSAROOT=/your/copy/of/tsa-root.pem sh VERIFY.txt
#
# ROOT and TSAROOT must come to you by another way than this container: trust/ holds copies for comparison only.
set -u
fail() { echo "BROKEN: $1"; exit 1; }
: "\${ROOT:?name your own copy of the State's root}"

# 0. The file says what it is.
[ "$(cat mimetype)" = "application/vnd.etsi.asic-e+zip" ] || fail mimetype

# 1. The office signed the first manifest. The time of the signing counts, so that a certificate may have ended since.
AT=""
if [ -f META-INF/timestamp001.tst ]; then
  : "\${TSAROOT:?name your own copy of the root of the time-stamp authority}"
  # 2. An authority stamped the signed whole: each stamp is over the manifest that names it.
  for manifest in META-INF/ASiC*.xml; do
    token=$(sed -nE 's/.*SigReference URI="([^"]*\\.tst)".*/\\1/p' "$manifest")
    [ -n "$token" ] || continue
    when=$(openssl ts -reply -in "$token" -token_in -text 2>/dev/null | sed -n 's/^Time stamp: //p')
    seconds=$(date -u -d "$when" +%s) || fail "time of $token"
    openssl ts -verify -data "$manifest" -in "$token" -token_in -CAfile "$TSAROOT" -attime "$seconds" >/dev/null 2>&1 || fail "$token"
    echo "stamped: $when"
    [ "$token" = META-INF/timestamp001.tst ] && AT="-attime $seconds"
  done
else
  echo "NOT STAMPED: no authority has vouched for a time yet"
fi
# shellcheck disable=SC2086
openssl cms -verify -cades -binary -inform DER -in META-INF/signature001.p7s \\
  -content META-INF/ASiCManifest001.xml -CAfile "$ROOT" -purpose any $AT -out /dev/null 2>/dev/null || fail "signature"
echo "signed: META-INF/ASiCManifest001.xml"

# 3. Every file that a manifest lists has the digest it states.
for manifest in META-INF/ASiC*.xml; do
  tr '\\n' ' ' < "$manifest" | sed 's/<asic:DataObjectReference/\\n&/g' |
    sed -nE 's/.*URI="([^"]*)".*<ds:DigestValue>([^<]*)<.*/\\2 \\1/p' > .listed
  [ -s .listed ] || fail "$manifest lists nothing"
  while read -r want file; do
    [ "$want" = "$(openssl dgst -sha256 -binary "$file" | base64)" ] || fail "$file differs"
  done < .listed || exit 1
  [ "$(cut -d' ' -f2 .listed | sort | uniq -d | wc -l)" = 0 ] || fail "$manifest lists a file twice"
  case $manifest in META-INF/ASiCManifest001.xml) cut -d' ' -f2 .listed | sort > .signed ;; esac
done
rm -f .listed

# 4. Every file outside META-INF is listed: nothing was added.
find . -type f ! -path './META-INF/*' ! -name mimetype ! -name .signed ! -name .present | sed 's#^\\./##' | sort > .present
cmp -s .signed .present || { comm -3 .signed .present; rm -f .signed .present; fail "listed and present files differ"; }
rm -f .signed .present
echo "complete: every file is listed and unchanged"

# 5. Each log entry leads to the root that the checkpoint states (RFC 9162).
bin() { tr -d ' \\n' | tr a-f A-F | basenc --base16 -d; }
hex() { openssl dgst -sha256 -r | cut -d' ' -f1; }
if [ -f log/checkpoint ]; then
  root=$(sed -n 3p log/checkpoint | base64 -d | od -An -v -tx1 | tr -d ' \\n')
  for proof in log/*.proof; do
    entry=\${proof%.proof}.entry
    n=$(sed -n 's/^index //p' "$proof"); last=$(($(sed -n 's/^size //p' "$proof") - 1))
    [ "$((last + 1))" = "$(sed -n 2p log/checkpoint)" ] || fail "$proof is of another size"
    d=$({ sed -n 's/^salt //p' "$proof" | bin; openssl dgst -sha256 -binary "$entry"; } | hex)
    node=$(printf '00%s' "$d" | bin | hex)
    for step in $(sed -n 's/^path //p' "$proof"); do
      [ "$last" -gt 0 ] || fail "$proof"
      if [ $((n % 2)) = 1 ] || [ "$n" = "$last" ]; then
        node=$(printf '01%s%s' "$step" "$node" | bin | hex)
        while [ $((n % 2)) = 0 ] && [ "$n" != 0 ]; do n=$((n / 2)); last=$((last / 2)); done
      else
        node=$(printf '01%s%s' "$node" "$step" | bin | hex)
      fi
      n=$((n / 2)); last=$((last / 2))
    done
    [ "$last" = 0 ] && [ "$node" = "$root" ] || fail "$proof does not lead to the checkpoint"
  done
  echo "logged: every entry leads to log/checkpoint"
fi

# 6. Sealed parts open with the key of a reader only:  age -d -i your-key.txt parts/part-001.age > part-001
echo "HOLDS"
`;
