#!/bin/sh
. "${0%/*}/../lib.sh"
cd "$tmp" || exit 1

{ echo user,item,rating,time
	awk 'BEGIN { for (i = 0; i < 150000; i++) print i % 997 "," i * 7 % 89 "," i % 5 + 1 "," i }'
} >ratings.csv
rs-import -q ratings.csv >data.rts || exit 1
contract rs-pick data.rts
contract rs-pick data.rts --repack --level 6

names() {
	rs-show | sed 1d | cut -f 1 | tr '\n' ' '
}
is "keeps what matches" "user item " "$(rs-pick user 'it*' <data.rts | names)"
is "drops what matches, whatever else it matches" "label time " \
	"$(rs-pick --drop 'vocab.*' --drop user --drop item '*' <data.rts | names)"
is "a question mark is one byte" "item time " "$(rs-pick '?t?m' 'tim?' <data.rts | names)"
is "renames one" "click time " "$(rs-pick --rename label=click label time <data.rts | names)"
is "renames many" "dictionary.user.at dictionary.user.text " \
	"$(rs-pick --rename 'vocab.*=dictionary.*' 'vocab.user.*' <data.rts | names)"
ok "a renamed stream is whole, also to gzip" sh -c \
	'rs-pick --rename label=click <data.rts >r.rts && gzip -t r.rts && rs-show --check <r.rts'
is "its values are the same" "$(rs-show --tsv label <data.rts | sed 1d | cksum)" \
	"$(rs-show --tsv click <r.rts 2>/dev/null | sed 1d | cksum)"
fails "a new name that is taken" 1 "^rs-pick: 'item' is already in the stream" \
	sh -c 'rs-pick --rename user=item <data.rts >x'
fails "a name that is none" 2 "a name is made of" sh -c 'rs-pick --rename user=-x <data.rts >x'
fails "a rule that is none" 2 "expected OLD=NEW" sh -c 'rs-pick --rename user <data.rts >x'
fails "a star at one end" 2 "at both ends or at none" sh -c 'rs-pick --rename "user*=x" <data.rts >x'
fails "a pattern that meets nothing" 1 "no tensor for 'usr'; stream has .*user" sh -c 'rs-pick usr <data.rts >x'
fails "a drop that meets nothing" 1 "no tensor for 'usr'" sh -c 'rs-pick --drop usr <data.rts >x'
ok "and leaves no end frame" sh -c '! rs-show <x 2>/dev/null'

# Data frames lie before history and end; those are not the same.
frames=$(rs-show <data.rts | awk -F '\t' '{ n += $5 } END { print n }')
head -c "$frames" data.rts >before
rs-pick --level 9 <data.rts | head -c "$frames" >after
ok "frames pass byte for byte" cmp before after

rs-pick user <data.rts >user.rts
rs-pick --level 6 --repack <data.rts >small.rts
ok "--repack --level 6 is smaller" [ "$(wc -c <small.rts)" -lt "$(wc -c <data.rts)" ]
is "and holds the same" "$(rs-show --digest <data.rts)" "$(rs-show --digest <small.rts)"
rs-pick --drop user <data.rts >rest.rts
fails "columns in two sections are not side by side" 1 "rs-pick --repack" \
	sh -c 'cat rest.rts user.rts | rs-show --tsv item label user'
is "--repack puts them side by side" "$(rs-show --tsv item label user <data.rts | cksum)" \
	"$(cat rest.rts user.rts | rs-pick --repack | rs-show --tsv item label user | cksum)"
rs-pick -o file.rts <data.rts
rs-pick <data.rts >pipe.rts
ok "-o writes what stdout gets" cmp file.rts pipe.rts
fails "-o beside a missing folder" 1 "^rs-pick: " sh -c 'rs-pick -o no/such/file <data.rts'
ok "nothing half-written stays" sh -c 'head -c 20000 data.rts | rs-pick -o half.rts 2>/dev/null; ! ls half.rts* 2>/dev/null'
fails "a level that is none" 2 "level" sh -c 'rs-pick --level 5 <data.rts'
done_testing
