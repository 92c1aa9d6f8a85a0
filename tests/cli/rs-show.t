#!/bin/sh
. "${0%/*}/../lib.sh"
cd "$tmp" || exit 1

cat >ratings.csv <<'END'
user,item,rating,time,shelf
anna,"a	tab",5,100,x
bob,b,3.5,-2,y
anna,"back\slash",0.1,300,x
END
cat >items.csv <<'END'
item,genres,year
b,drama|war,1987
a	tab,,0
back\slash,war,-1.25
END
rs-import -q ratings.csv --cat shelf --items items.csv --item-bag genres --item-num year >data.rts || exit 1
contract rs-show data.rts

rs-show <data.rts | cut -f 1-4 >list
matches "the list: name, type, shape, bytes" rs-show.list list
rs-show --tsv user item label time row.cat.shelf <data.rts >rows
matches "rows, ids as strings, odd bytes escaped" rs-show.rows rows
is "an id without its vocabulary stays a number" "1" \
	"$(rs-pick user <data.rts | rs-show --tsv user | sed -n 3p)"
is "a vocabulary by its name" "vocab.user anna bob " "$(rs-show --tsv vocab.user <data.rts | tr '\n' ' ')"
fails "columns of different length" 1 "^rs-show: stdin: 'vocab.user' has 2 rows, 'vocab.item' 3" \
	sh -c 'rs-show --tsv vocab.user vocab.item <data.rts'
fails "rows beside a table" 2 "some of these are columns of the rows" \
	sh -c 'rs-show --tsv user vocab.user <data.rts'
fails "a tensor that is not there" 1 "needs 'price'; stream has .*label" sh -c 'rs-show --tsv price <data.rts'
fails "--tsv without names" 2 "which tensors" sh -c 'rs-show --tsv <data.rts'
fails "names without --tsv" 2 "names go with --tsv" sh -c 'rs-show user <data.rts'
fails "two questions at once" 2 "at a time" sh -c 'rs-show --digest --check <data.rts'

is "the history can be pasted" "rs-import" "$(rs-show --history <data.rts | cut -d' ' -f1)"
rs-pick --drop 'vocab.*' <data.rts | rs-pick --rename label=row.num.label >two.rts
rs-show --history <two.rts | sed -n '2,$p' >history
printf '\trs-pick %s |\n\trs-pick %s\n' "'--drop=vocab.*'" --rename=label=row.num.label >want
ok "a stage a line, quoted where a shell would look" diff want history
rs-pick user <data.rts >a.rts
rs-pick item <data.rts >b.rts
is "cat makes two pipelines, and one that reads both" "# 1:;# 2:;# 3, reads 1 and 2:;" \
	"$(cat a.rts b.rts | rs-pick | rs-show --history | grep '^#' | tr '\n' ';')"

is "the digest is of the values" "$(rs-show --digest <data.rts)" \
	"$(rs-pick --repack --level 6 <data.rts | rs-show --digest)"
ok "and of the names" sh -c '[ "$(rs-show --digest <data.rts)" != "$(rs-show --digest <two.rts)" ]'
ok "--check is content with what is whole" sh -c 'rs-show --check <data.rts | grep -q "^whole: "'
# a byte of the first frame's data, past its header of 29 + 64 and more bytes
size=$(wc -c <data.rts)
head -c 130 data.rts >bad.rts
printf '\377' >>bad.rts
tail -c $((size - 131)) data.rts >>bad.rts
fails "--check says where damage is" 1 "^rs-show: stdin: frame 1 ('.*' rows .*) at byte 0: " \
	sh -c 'rs-show --check <bad.rts'
done_testing
