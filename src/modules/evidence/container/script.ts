/**
 * What stands in `VERIFY.txt`: a shell script that a reader can follow by eye or run. It uses unzip, openssl and the
 * usual small tools only, takes roots from the reader's own copies, and says in words what is wrong.
 */
export const verifyScript = `# How to check this container without our software. Needs: unzip openssl coreutils findutils sed grep; age to open sealed parts.
#
#   unzip x.asice -d x && cd x
#   ROOT=/your/copy/of/state-root.pem TSAROOT=/your/copy/of/tsa-root.pem sh VERIFY.txt
#
# ROOT and TSAROOT must come to you by another way than this container: trust/ holds copies for comparison only.
# The last line says HOLDS, or BROKEN and what is wrong, or CANNOT CHECK and what is missing on your side.
set -u
fail() { echo "BROKEN: $1"; exit 1; }
stop() { echo "CANNOT CHECK: $1"; exit 2; }
for tool in openssl base64 basenc comm cut date find grep mktemp od sed sort tr uniq; do
  command -v "$tool" > /dev/null || stop "this machine has no $tool"
done
[ -n "\${ROOT:-}" ] || stop "set ROOT to your own copy of the root certificate of the State"
grep -q 'BEGIN CERTIFICATE' "$ROOT" 2> /dev/null || stop "ROOT=$ROOT is no file with a certificate"
work=$(mktemp -d) || stop "there is no room for small files of our own"
trap 'rm -rf "$work"' EXIT

# 0. The file says what it is, and holds plain files only.
[ "$(tr -d '\\0' < mimetype 2> /dev/null)" = "application/vnd.etsi.asic-e+zip" ] || fail "mimetype is missing, or not that of an ASiC-E container"
odd=$(find . ! -type f ! -type d)
[ -z "$odd" ] || fail "not a plain file: $odd"

# 1. Each manifest names its proof, and nothing else stands in META-INF.
[ -f META-INF/ASiCManifest001.xml ] || fail "META-INF/ASiCManifest001.xml is missing"
for manifest in META-INF/ASiC*.xml; do
  proof=$(sed -nE 's/.*SigReference URI="([^"]*)".*/\\1/p' "$manifest")
  [ -f "$proof" ] || fail "$manifest belongs to a proof that is missing: $proof"
  printf '%s\\n%s\\n' "$manifest" "$proof" >> "$work/named"
done
grep -qx META-INF/signature001.p7s "$work/named" || fail "no manifest names META-INF/signature001.p7s"
twice=$(sort "$work/named" | uniq -d)
[ -z "$twice" ] || fail "two manifests name one proof: $twice"
find META-INF -type f | sort > "$work/there"
sort "$work/named" > "$work/sorted"
added=$(comm -13 "$work/sorted" "$work/there" | tr '\\n' ' ')
[ -z "$added" ] || fail "added, and named by nothing: $added"

# 2. A time-stamp authority stamped the signed whole: each stamp is over the manifest that names it.
stamp() { # a token, and the file it is over; leaves the moment in $when and $seconds
  [ -n "\${TSAROOT:-}" ] || stop "set TSAROOT to your own copy of the root certificate of the time-stamp authority"
  grep -q 'BEGIN CERTIFICATE' "$TSAROOT" 2> /dev/null || stop "TSAROOT=$TSAROOT is no file with a certificate"
  when=$(openssl ts -reply -in "$1" -token_in -text 2> /dev/null | sed -n 's/^Time stamp: //p')
  [ -n "$when" ] && seconds=$(date -u -d "$when" +%s 2> /dev/null) || fail "$1 cannot be read: it is damaged or no time stamp"
  if ! why=$(openssl ts -verify -data "$2" -in "$1" -token_in -CAfile "$TSAROOT" -attime "$seconds" 2>&1); then
    case $why in
      *imprint*) fail "$1 is not a stamp of $2: one of the two was changed" ;;
      *"certificate verify error"*) fail "$1 was not made by an authority whose root is $TSAROOT" ;;
      *) fail "$1 does not hold: it is damaged" ;;
    esac
  fi
}
at=""
for manifest in META-INF/ASiC*.xml; do
  token=$(sed -nE 's/.*SigReference URI="([^"]*\\.tst)".*/\\1/p' "$manifest")
  [ -n "$token" ] || continue
  stamp "$token" "$manifest"
  echo "stamped: $when"
  [ -n "$at" ] || at="-attime $seconds"
done
[ -n "$at" ] || echo "NOT STAMPED: no authority has vouched for a time, or its stamp was taken out"

# 3. The office signed the first manifest. The time of the stamp counts, so that a certificate may have ended since.
signature() {
  openssl cms -verify -binary -inform DER -in META-INF/signature001.p7s -content META-INF/ASiCManifest001.xml "$@" \\
    -signer "$work/signer" -out /dev/null 2> /dev/null
}
signature -noverify || fail "META-INF/signature001.p7s is not a signature of META-INF/ASiCManifest001.xml: one of the two was changed"
# shellcheck disable=SC2086
signature -cades -CAfile "$ROOT" -purpose any $at ||
  fail "the certificate of the signer does not lead to ROOT=$ROOT, or was not valid at the time of the signing"
echo "signed: $(openssl x509 -in "$work/signer" -noout -subject)"

# 4. Every file that a manifest lists is there, with the digest it states.
for manifest in META-INF/ASiC*.xml; do
  tr '\\n' ' ' < "$manifest" | sed 's/<asic:DataObjectReference/\\n&/g' |
    sed -nE 's/.*DataObjectReference URI="([^"]*)".*<ds:DigestValue>([^<]*)<.*/\\2 \\1/p' > "$work/listed"
  [ -s "$work/listed" ] || fail "$manifest lists nothing"
  while read -r want file; do
    [ -f "$file" ] || fail "$file is listed and is missing"
    [ "$want" = "$(openssl dgst -sha256 -binary "$file" | base64)" ] || fail "$file is not the file that $manifest lists: it was changed"
  done < "$work/listed"
  twice=$(cut -d' ' -f2 "$work/listed" | sort | uniq -d)
  [ -z "$twice" ] || fail "$manifest lists a file twice: $twice"
  [ "$manifest" != META-INF/ASiCManifest001.xml ] || cut -d' ' -f2 "$work/listed" | sort > "$work/sealed"
done

# 5. Every file outside META-INF is listed: nothing was added.
find . -type f ! -path './META-INF/*' ! -path ./mimetype | sed 's#^\\./##' | sort > "$work/there"
added=$(comm -13 "$work/sealed" "$work/there" | tr '\\n' ' ')
[ -z "$added" ] || fail "added, and covered by no signature: $added"
echo "complete: every file is listed and unchanged"

# 6. Each log entry leads to the root that the checkpoint states (RFC 9162).
bin() { tr -d ' \\n' | tr a-f A-F | basenc --base16 -d; }
hex() { openssl dgst -sha256 -r | cut -d' ' -f1; }
if [ -f log/checkpoint ]; then
  root=$(sed -n 3p log/checkpoint | base64 -d | od -An -v -tx1 | tr -d ' \\n')
  for proof in log/*.proof; do
    entry=\${proof%.proof}.entry
    n=$(sed -n 's/^index //p' "$proof"); last=$(($(sed -n 's/^size //p' "$proof") - 1))
    [ "$((last + 1))" = "$(sed -n 2p log/checkpoint)" ] || fail "$proof is for another size of the log than log/checkpoint"
    d=$({ sed -n 's/^salt //p' "$proof" | bin; openssl dgst -sha256 -binary "$entry"; } | hex)
    node=$(printf '00%s' "$d" | bin | hex)
    for step in $(sed -n 's/^path //p' "$proof"); do
      [ "$last" -gt 0 ] || fail "$proof has more steps than its log"
      if [ $((n % 2)) = 1 ] || [ "$n" = "$last" ]; then
        node=$(printf '01%s%s' "$step" "$node" | bin | hex)
        while [ $((n % 2)) = 0 ] && [ "$n" != 0 ]; do n=$((n / 2)); last=$((last / 2)); done
      else
        node=$(printf '01%s%s' "$node" "$step" | bin | hex)
      fi
      n=$((n / 2)); last=$((last / 2))
    done
    [ "$last" = 0 ] && [ "$node" = "$root" ] || fail "$entry does not lead to log/checkpoint by $proof"
  done
  echo "logged: every entry leads to log/checkpoint"
  for token in log/stamped-*.tst; do
    [ -f "$token" ] || continue
    stamp "$token" "\${token%.tst}"
    echo "log stamped: its first $(sed -n 2p "\${token%.tst}") entries, $when"
  done
fi

# 7. What the office signed as a whole, and this script does not open: the signatures of both sides inside message.jws,
# receipt.jws and events/, of log/checkpoint and of its witnesses, that the log only grew, and the chain of custody. Any program that knows JWS and
# signed notes checks them with keys.json, compared with your own list of keys; so does the project's verify.py.
# Sealed parts open with the key of a reader only:  age -d -i your-key.txt parts/part-001.age > part-001
echo "HOLDS"
`;
