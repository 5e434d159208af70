#!/usr/bin/env bash
# A book as an earlier kithbook left it, for the tests of the upgrade night:
#
#   make_book.sh CHECKOUT PYTHON TARGET.tar.xz
#
# CHECKOUT is a checkout of the commit that the archive is named after, PYTHON has its dependencies.
# The demo's book, and on top what earlier rules did: an import that took an older one's place,
# cards without UID, two cards with one UID, addresses that are none, one person in three sources;
# then decisions, and a user who ticked, edited, snoozed and deleted tasks, some of it unread yet.
set -euo pipefail
checkout=$1 python=$2 target=$(realpath -m "$3")
home=$(mktemp -d)
cd "$checkout"
kith() { TZ=UTC "$python" -m pipeline.cli --config "$home/book/config.toml" --as-of "$day" "$@"; }

day=2026-11-18
TZ=UTC "$python" -m pipeline.cli --as-of $day demo --folder "$home/book" >/dev/null
inbox=$home/inbox
mkdir "$inbox"

card() { printf 'BEGIN:VCARD\r\nVERSION:3.0\r\n'; printf '%s\r\n' "$@"; printf 'END:VCARD\r\n'; }

# Twelve people of an old phone, then a newer export of it: one is gone, one has a new number.
{ for n in 01 02 03 04 05 06 07 08 09 10 11 12; do
    card "UID:phone-$n" "FN:Person$n Oldphone" "N:Oldphone;Person$n;;;" "TEL;TYPE=CELL:+49171392010$n"
  done; } >"$inbox/phone.vcf"
kith import "$inbox/phone.vcf"
{ for n in 02 03 04 05 06 07 08 09 10 11 12; do
    card "UID:phone-$n" "FN:Person$n Oldphone" "N:Oldphone;Person$n;;;" "TEL;TYPE=CELL:+49171392020$n"
  done
  card "UID:phone-13" "FN:Person13 Oldphone" "N:Oldphone;Person13;;;"; } >"$inbox/phone-2025.vcf"
kith import "$inbox/phone-2025.vcf"

# Cards without UID, two of one name, and two cards with one UID.
{ card "FN:Wanda Reiter" "N:Reiter;Wanda;;;" "EMAIL:wanda@reiter.example" "NOTE:from the choir"
  card "FN:Anna" "TEL:+491713920301"
  card "FN:Anna" "TEL:+491713920302"
  card "FN:Mikkel Dahl" "N:Dahl;Mikkel;;;" "NOTE:sauna"
  card "UID:twice" "FN:Lena Fuchs" "N:Fuchs;Lena;;;" "EMAIL:lena@fuchs.example"
  card "UID:twice" "FN:Otto Brandauer" "N:Brandauer;Otto;;;" "EMAIL:otto@brandauer.example"
  card "FN:Nora Keller" "EMAIL:nora@example.org"
  card "FN:Pizzeria Napoli" "TEL:+493012345601"
  card "FN:Emil Bank" "N:Bank;Emil;;;" "EMAIL:emil@bank.example"; } >"$inbox/contacts.vcf"
kith import "$inbox/contacts.vcf"
printf 'Name,E-mail Address,Phone\nMikkel Dahl,mikkel@dahl.example,\nWanda Reiter,,+491713920303\n' >"$inbox/web.csv"
kith import "$inbox/web.csv" --map Name=full_name --map "E-mail Address=email" --map Phone=phone || true

# A calendar whose attendees have addresses that are none.
event() { printf 'BEGIN:VEVENT\r\n'; printf '%s\r\n' "$@"; printf 'END:VEVENT\r\n'; }
{ printf 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//old//EN\r\n'
  event UID:old-1 DTSTART:20260901T100000Z DTEND:20260901T110000Z "SUMMARY:Lunch" \
    "ORGANIZER:mailto:nora@example.org" "ATTENDEE;PARTSTAT=ACCEPTED;CN=Wanda Reiter:mailto:wanda" "ATTENDEE;PARTSTAT=ACCEPTED:mailto:nora@example.org"
  event UID:old-2 DTSTART:20260903T100000Z DTEND:20260903T110000Z "SUMMARY:Plan" \
    "ORGANIZER:mailto:nora@example.org" "ATTENDEE;PARTSTAT=ACCEPTED;CN=Wanda Other:mailto:wanda" "ATTENDEE;PARTSTAT=ACCEPTED:mailto:nora@example.org"
  event UID:old-3 DTSTART:20260905T100000Z DTEND:20260905T110000Z "SUMMARY:Walk" \
    "ORGANIZER:mailto:nora@example.org" "ATTENDEE;PARTSTAT=ACCEPTED;CN=Mikkel Dahl:invalid:nomail" "ATTENDEE;PARTSTAT=ACCEPTED:mailto:nora@example.org"
  for n in 1 2 3 4 5 6; do
    event UID:emil-$n DTSTART:20260${n}10T100000Z DTEND:20260${n}10T110000Z "SUMMARY:Coffee" \
      "ORGANIZER:mailto:nora@example.org" "ATTENDEE;PARTSTAT=ACCEPTED;CN=Emil Bank:mailto:emil@bank.example" "ATTENDEE;PARTSTAT=ACCEPTED:mailto:nora@example.org"
  done
  printf 'END:VCALENDAR\r\n'; } >"$inbox/old.ics"
kith import "$inbox/old.ics" || true

# What she said, and what she did on the phone.
kith every "Wanda Reiter" "2 months"
kith mute "Person05 Oldphone"
kith log "Person07 Oldphone"
kith every "Person08 Oldphone" "3 weeks"
kith rest "Person09 Oldphone"
kith merge "Person10 Oldphone" "Person11 Oldphone" || true
kith sync
day=2026-11-25
kith sync
cd "$home/book/tasks/Follow-ups"
mapfile -t files < <(grep -l "STATUS:NEEDS-ACTION" ./*.ics | sort)
test ${#files[@]} -ge 6
tick() { sed -i 's/^STATUS:NEEDS-ACTION/STATUS:COMPLETED\r\nCOMPLETED:20261125T180000Z/' "$1"; }
tick "${files[0]}"
sed -i 's/^SUMMARY:.*/SUMMARY:Ring about the boat\r/' "${files[1]}"
rm "${files[2]}"
cd "$checkout"
day=2026-11-26
kith sync
cd "$home/book/tasks/Follow-ups"
tick "${files[3]}"                                     # not read by the old program any more
sed -i 's/^DUE;VALUE=DATE:.*/DUE;VALUE=DATE:20261224\r/' "${files[4]}"
rm -rf "$home/book/kept" "$home/book/lock"
mv "$inbox" "$home/book/inbox"
tar -C "$home" --sort=name --mtime=2026-11-26 --owner=0 --group=0 --numeric-owner -cJf "$target" book
rm -rf "$home"
