#!/bin/sh
. "${0%/*}/../lib.sh"
cd "$tmp" || exit 1

show() { # show CSV 'NAME...' ARG...: the tensors as rs-show prints them, ',' for tab and ';' for newline
	printf "$1" >in; names=$2; shift 2
	rs-import -q "$@" <in >out.rts 2>err || { cat err; return; }
	rs-show --tsv $names <out.rts | sed 1d | tr '\t\n' ',;'
}
refuse() { # refuse NAME PATTERN CSV ARG...: exit 1, one line, no stream that could be taken for whole
	what=$1 pattern=$2; printf "$3" >in; shift 3
	fails "$what" 1 "^rs-import: $pattern" sh -c 'rs-import "$@" <in >out.rts' sh "$@"
	lines=$(wc -l <"$tmp/fails.err")
	is "$what: one line" 1 "$lines"
}

# A cut falls within the gzip data, so it shows.
{ echo user,item,rating,time,shelf
	awk 'BEGIN { for (i = 0; i < 90000; i++) print "u" i * i % 997 "," i * 7 % 89 "," i % 5 + 1 "," i ",s" i % 3 }'
} | gzip -n >ratings.csv.gz
contract rs-import ratings.csv.gz --cat shelf
contract rs-import ratings.csv.gz

# ---- the hostile text of every line of test matrix C

plain='a,1,4\nb,1,5\n' want='a,1,4;b,1,5;'
uil='user item label'
is "plain" "$want" "$(show "user,item,label\n$plain" "$uil")"
is "UTF-8 BOM" "$want" "$(show "\357\273\277user,item,label\n$plain" "$uil")"
is "UTF-8 BOM before a quote" "$want" "$(show "\357\273\277\"user\",item,label\n$plain" "$uil")"
refuse "UTF-16 little endian" "stdin:1: looks like UTF-16" '\377\376u\000s\000'
refuse "UTF-16 big endian" "stdin:1: looks like UTF-16" '\376\377\000u\000s'
is "CRLF" "$want" "$(show 'user,item,label\r\na,1,4\r\nb,1,5\r\n' "$uil")"
is "lone CR" "$want" "$(show 'user,item,label\ra,1,4\rb,1,5\r' "$uil")"
is "no last newline" "$want" "$(show 'user,item,label\na,1,4\nb,1,5' "$uil")"
is "CRLF, no last newline" "$want" "$(show 'user,item,label\r\na,1,4\r\nb,1,5' "$uil")"
is "blank lines are skipped" "$want" "$(show 'user,item,label\n\na,1,4\n\n\nb,1,5\n\n' "$uil")"
refuse "and counted" "stdin:6: label is 'x'" 'user,item,label\n\na,1,4\n\n\nb,1,x\n'
refuse "a quoted newline is counted too" "stdin:4: label is 'x'" 'user,item,label\n"a\nb",1,4\nb,1,x\n'
is "a quoted newline in an id" 1 "$(show 'user,item,label\n"a\nb",1,4\n' user | grep -c 'a.*b')"
refuse "a newline in a number" "stdin:2: label is '4?'; expected a decimal number" 'user,item,label\na,1,"4\n"\n'
refuse "an unterminated quote, where it opened" "stdin:3: a quote that opens here is never closed" \
	'user,item,label\na,1,4\nb,"1,5\nc,1,5\nd,1,5\n'
refuse "x\"y\"z" "stdin:2: a quote inside a field" 'user,item,label\nx"y"z,1,4\n'
refuse "\"x\"z" "stdin:2: a quote inside a field" 'user,item,label\n"x"z,1,4\n'
is "quotes as bytes" 'x"y"z,1,4;' "$(show 'user,item,label\nx"y"z,1,4\n' "$uil" --no-quotes)"
refuse "a NUL byte" "stdin:3: a NUL byte" 'user,item,label\na,1,4\nb\000,1,5\n'
is "bytes that are not UTF-8 are kept" 'M\xfcller;' "$(show 'user,item,label\nM\374ller,1,4\n' user)"
refuse "and do no harm in messages" "stdin:2: label is '?\[31m'" 'user,item,label\na,1,\033[31m\n'
is "spaces around fields" "$want" "$(show 'user , item, label\n  a,1 , 4\nb ,1,5 \n' "$uil")"
is "but not within quotes" ' a ,1,4;' "$(show 'user,item,label\n" a ",1,4\n' "$uil")"
{ printf 'user,item,label\na,"'; head -c 300000 /dev/zero | tr '\0' x; printf '",1\n'; } >long.csv
fails "a long field" 1 "^rs-import: long.csv:2: a field of more than 65536 bytes" rs-import long.csv
{ printf 'user,item,label\na,1'; head -c 1100000 /dev/zero | tr '\0' ,; } >wide.csv
fails "a row of a million fields" 1 "^rs-import: wide.csv:2: more than 4096 columns" rs-import wide.csv
refuse "an empty file" "stdin: empty input; expected a header line" ''
refuse "only a BOM" "stdin: empty input" '\357\273\277'
refuse "an empty file, no header" "stdin: empty input; expected CSV" '' --no-header --user 1 --item 2
is "a header only: no rows" "" "$(show 'user,item,label\n' "$uil")"
ok "which is told" sh -c 'echo user,item,label | rs-import 2>&1 >out.rts | grep -q "^rs-import: 0 rows"'
refuse "a column missing" "stdin: no column 'stars'; the headings are user, item, label" "user,item,label\n$plain" --label stars
refuse "no usual heading" "stdin: no column looks like .*; the headings are a, b" 'a,b\n1,2\n'
refuse "no user" "stdin: no column looks like a user or a label" 'item,b\n1,2\n'
refuse "one heading: the separator" "stdin: no column .*; is the separator right" 'user;item\n1;2\n'
refuse "a column twice" "stdin: column 'label' is there twice; give its number, 3 or 4" 'user,item,label,label\na,1,4,4\n'
is "a column twice, by number" "a,1,5;" "$(show 'user,item,label,label\na,1,4,5\n' "$uil" --label 4)"
is "a column more" "a,1,4;" "$(show 'x,user,y,item,label,z\n0,a,0,1,4,0\n' "$uil")"
refuse "a row too short" "stdin:3: 2 fields; expected 3 as in the first row" 'user,item,label\na,1,4\nb,1\n'
refuse "a row too long" "stdin:3: 4 fields; expected 3" 'user,item,label\na,1,4\nb,1,5,6\n'
refuse "a column number too large" "stdin: no column 4; there are 3" "user,item,label\n$plain" --label 4
for bad in nan inf -inf 0x1p3 1e400 4.5x 1_000 '"4,5"' '" 4.5"' '' NULL; do
	show=${bad#\"}; show=${show%\"}
	refuse "the label '$bad'" "stdin:3: label is '$show'; expected" "user,item,label\na,1,4\nb,1,$bad\n"
done
is "numbers" '0.5,-2,1000,0.1;' "$(show 'user,item,label\na,1,.5\na,2,-2\na,3,1e3\na,4,+0.1\n' label | tr ';' ',' | sed 's/,$/;/')"
is "ids are strings: 7 is not 007" '7,2147483648;007,-1;7,4294967296;' \
	"$(show 'user,item\n7,2147483648\n007,-1\n7,4294967296\n' 'user item')"
refuse "an empty id" "stdin:2: user is ''; expected an id" 'user,item,label\n,1,4\n'
is "duplicates are kept" 'a,1,4;a,1,2;a,1,4;' "$(show 'user,item,label\na,1,4\na,1,2\na,1,4\n' "$uil")"
ok "and counted" sh -c 'rs-import <in 2>&1 >out.rts | grep -q "2 rows repeat a user and item"'
is "times unsorted and equal stay in order" 'a,30;b,-5;c,30;' "$(show 'user,item,time\na,1,30\nb,1,-5\nc,1,30\n' 'user time')"
refuse "a time missing" "stdin:3: time is ''; expected an integer or a date" 'user,item,time\na,1,30\nb,1,\n'
refuse "a time too large" "stdin:2: time is '9223372036854775808'" 'user,item,time\na,1,9223372036854775808\n'
is "dates" '951782400;1485612413;' "$(show 'user,item,time\na,1,2000-02-29\na,2,2017-01-28 14:06:53\n' time)"

printf "user,item,label\n$plain" | gzip -n >whole.gz
printf 'c,2,1\n' | gzip -n >more.gz
rs-import -q whole.gz >one.rts && gzip -dc whole.gz >whole.csv
is "gzip" "$want" "$(rs-show --tsv $uil <one.rts | sed 1d | tr '\t\n' ',;')"
cat whole.gz more.gz >two.gz
is "two members are one text" "${want}c,2,1;" "$(rs-import -q two.gz | rs-show --tsv $uil | sed 1d | tr '\t\n' ',;')"
size=$(wc -c <two.gz) missed=
for cut in 1 2 5 10 15 25 $((size / 2 - 1)) $((size - 9)) $((size - 8)) $((size - 4)) $((size - 1)); do
	head -c "$cut" two.gz >cut.gz
	rs-import -q cut.gz >out.rts 2>err
	grep -q "^rs-import: cut.gz:" err || missed="$missed $cut"
done
is "a gzip file that was cut (tests/unit/csv.c cuts at every byte)" "" "$missed"
{ cat whole.gz; echo junk; } >junk.gz
fails "something after gzip data" 1 "^rs-import: junk.gz:.*something else after" rs-import junk.gz
ok "nothing whole was left" sh -c '! rs-show <out.rts'

# ---- columns

is "headings in any dress" 'u,i,3,7;' "$(show 'User-ID,movieId,Rating,timestamp\nu,i,3,7\n' 'user item label time')"
is "the first of the usual headings" 'i,3;' "$(show 'product,item,rating,user\np,i,3,u\n' 'item label')"
is "none: a heading is not taken" "a,1,1;" "$(show 'user,item,rating,time\na,1,5,noon\n' "$uil" --label none --time none)"
is "no label: implicit" "a,1,1;" "$(show 'user,item\na,1\n' "$uil")"
ok "which is told" sh -c 'rs-import <in 2>&1 >out.rts | grep -q "no label column (--label)"'
is "weights" "0;2.5;" "$(show 'user,item,w\na,1,0\na,2,2.5\n' weight --weight w)"
refuse "a negative weight" "stdin:2: w is '-1'; expected 0 or more" 'user,item,w\na,1,-1\n' --weight w
is "words as labels" "1;0;1;" "$(show 'y,x\n >50K,1\n<=50K,2\n>50K.,3\n' label --label y --true '>50K' --true '>50K.' --num x)"
ok "a word that no row has is told" sh -c 'printf "y,x\nno,1\nnay,2\n" | rs-import --label y --true yes --num x 2>&1 >out.rts | grep -qx "rs-import: warning: no row says .yes. in y (--true)"'
is "features only" "0,1;1,3;" "$(show 'label,p,q\n0,1,2\n1,3,4\n' 'label row.num.p' --num p,q)"
ok "then there is no user" sh -c '! rs-show <out.rts | grep -qE "^(user|item)"'
is "categories" 'a,red,x y;b,,red;' "$(show 'user,item,color,my shade\na,1,red,x y\nb,1,,red\n' 'user row.cat.color row.cat.my_shade' --cat 'color,my shade')"
is "names by hand" 'red;' "$(show 'user,item,color\na,1,red\n' row.cat.C --cat C=3)"
is "a block" '1;2;0;' "$(show '1,2,0\n' row.num.x --no-header --label 1 --num 1-3 | tr ',' ';')"
is "missing numbers are 0 and marked" '1.5,0;0,1;' "$(show 'user,item,n\na,1,1.5\na,2,\n' 'row.num.n row.num.n_missing' --num n)"
is "no mark where nothing is missing" 0 "$(show 'user,item,n\na,1,1.5\n' row.num.n --num n >list; rs-show <out.rts | grep -c missing)"
printf 'user,item,tags\na,1,x y  z\na,2,\nb,1,y\n' | rs-import -q --bag 'tags: ' >out.rts
is "bags of rows" 'x|y|z;;y;' "$(rs-show --tsv row.bag.tags <out.rts | sed 1d | tr '\n' ';')"
is "tables come before rows" user "$(rs-show <out.rts | sed 1d | cut -f1 | grep -vE '^(vocab|row.bag)' | head -1)"
is "tab by the file's name" "a,1;" "$(printf 'user\titem\na\t1\n' >t.tsv; rs-import -q t.tsv | rs-show --tsv user item | sed 1d | tr '\t\n' ',;')"
is "'::'" "1,a:b,5;" "$(show '1::a:b::5\n' "$uil" --no-header --separator :: --user 1 --item 2 --label 3)"
fails "a separator that cannot be" 2 "^rs-import: separator .* holds no quote" rs-import --separator '"' whole.csv
fails "a separator of 9 bytes" 2 "^rs-import: separator '123456789': .*1 to 8 bytes" rs-import --separator 123456789 whole.csv
fails "no file" 1 "^rs-import: none.csv: No such file" rs-import none.csv
fails "--true without a label" 2 "^rs-import: --true: of which column" sh -c 'printf "user,item\na,1\n" | rs-import --true x'
fails "more rows than --memory" 1 "^rs-import: ratings.csv.gz: more than --memory" rs-import --memory 100K ratings.csv.gz

# ---- several files, parts

printf 'user,item,label\na,1,4\nb,1,5\n' >d1.csv
printf 'user,item,label\nc,1,3\na,2,3\n' >d2.csv
printf 'user,item,label\nb,2,1\n' >d3.csv
printf 'user,label,item\nb,2,1\n' >other.csv
parts() { rs-import -q "$@" | rs-show --tsv user item part | sed 1d | tr '\t\n' ',;'; }
is "files go on, with one numbering" "a,1;b,1;c,1;a,2;" "$(rs-import -q d1.csv d2.csv | rs-show --tsv user item | sed 1d | tr '\t\n' ',;')"
is "two files as train and test" "a,1,0;b,1,0;c,1,2;a,2,2;" "$(parts --parts d1.csv d2.csv)"
is "three as train, valid and test" "a,1,0;b,1,0;c,1,1;a,2,1;b,2,2;" "$(parts --parts d1.csv d2.csv d3.csv)"
fails "one file is no parts" 2 "^rs-import: --parts: 1 files; expected TRAIN" rs-import --parts d1.csv
fails "headings that differ" 1 "^rs-import: other.csv: its headings differ" rs-import d1.csv other.csv
fails "a missing second file" 1 "^rs-import: none.csv: No such file" rs-import d1.csv none.csv
fails "an error names its file" 1 "^rs-import: bad.csv:2: label is 'x'" \
	sh -c 'printf "user,item,label\na,1,x\n" >bad.csv; rs-import d1.csv bad.csv'
is "a column of parts" "0;1;2;1;" "$(show 'user,item,split\na,1,train\na,2,dev\na,3,2\na,4,validation\n' part --part split)"
refuse "no part" "stdin:2: split is 'tset'; expected 0, 1, 2, train" 'user,item,split\na,1,tset\n' --part split

# ---- what logs need

logs='user,item,dev,n,t\na,1,x,1,0\nb,1,y,,1970-01-05 23:59:00\na,2,,-1,-1\nb,2,x,e,2000-02-29\n'
logs=$(echo "$logs" | sed 's/,e,/,3,/')
is "a stated fill instead of 0 and a mark" '1;9.5;-1;3;' "$(show "$logs" row.num.n --num n --fill n=9.5)"
is "so there is no mark" 0 "$(rs-show <out.rts | grep -c missing)"
is "words for nothing" ',0,1;,0,1;x,3,0;' "$(show 'user,item,c,n\na,1,?,NA\na,2,NA,?\na,3,x,3\n' \
	'row.cat.c row.num.n row.num.n_missing' --cat c --num n --missing '?' --missing NA)"
is "sign(x) ln(1 + |x|): ln 2, 0, -ln 2, ln 4" '0.6931472,0;0,1;-0.6931472,0;1.3862944,0;' \
	"$(show "$logs" 'row.num.n row.num.n_missing' --num n --log1p n)"
# 1970-01-01 was a Thursday, 1970-01-05 a Monday, 2000-02-29 a Tuesday; -1 is a second before 1970.
is "hour, weekday and month" '0,4,1;23,1,1;23,3,12;0,2,2;' \
	"$(show "$logs" 'row.cat.t_hour row.cat.t_weekday row.cat.t_month' --date t)"
refuse "no date" "stdin:2: user is 'a'; expected an integer or a date" 'user,item\na,1\n' --date user
is "rare words are one, empty is none of them" 'x;<rare>;;x;' "$(show "$logs" row.cat.dev --cat dev --min-count 2)"
is "rare words of bags" 'p|<rare>;<rare>|p;' "$(show 'user,item,g\na,1,p q\na,2,r p\n' row.bag.g --bag 'g: ' --min-count 2)"
# FNV-1a of "x" is af63f54c86021707, of "y" af63f44c86021554 (basis ^ byte) * prime, mod 2^64.
is "hashed words" '#7;#4;;#7;' "$(show "$logs" row.cat.dev --cat dev --hash dev:4)"
fails "hashed what?" 2 "^rs-import: --hash b:4: no categorical feature" rs-import d1.csv --hash b:4
fails "bits" 2 "^rs-import: --hash: 'label:77' is not NAME:" rs-import d1.csv --cat label --hash label:77
fails "filled what?" 2 "^rs-import: --fill x=1: no numeric feature" rs-import d1.csv --fill x=1
fails "ln of what?" 2 "^rs-import: --log1p x: no numeric feature" rs-import d1.csv --log1p x
is "Latin 1" 'Müller;' "$(show 'user,item,label\nM\374ller,1,4\n' user --encoding ISO-8859-1)"
fails "another encoding" 2 "^rs-import: --encoding: 'EBCDIC' is not UTF-8 or" rs-import --encoding EBCDIC d1.csv

rs-import -q d1.csv --cat label >d1.rts
day() { rs-import -q --vocab d1.rts "$@" >d2.rts && rs-show --tsv user item row.cat.label <d2.rts | sed 1d | tr '\t\n' ',;'; }
is "ids of an earlier stream, and new ones" "c,1,3;a,2,3;" "$(day d2.csv --cat label)"
is "new words come after the old" abc "$(rs-show --tsv vocab.user.text <d2.rts)"
printf 'user,item\nb,2\n' | rs-import -q >v.rts
printf 'user,item\nb,1\nb,2\nz,1\n' >d4.csv
is "a row of the unknown is dropped" "b,2;" "$(rs-import -q --vocab v.rts --unknown drop d4.csv | rs-show --tsv user item | sed 1d | tr '\t\n' ',;')"
ok "and counted" sh -c 'rs-import --vocab v.rts --unknown drop d4.csv 2>&1 >out.rts | grep -q "^rs-import: 2 rows left out"'
fails "or an error" 1 "^rs-import: d4.csv:2: item is '1'; expected a word of the vocabulary" rs-import --vocab v.rts --unknown error d4.csv
fails "no such policy" 2 "^rs-import: --unknown: 'x' is not new, drop or error" rs-import --vocab v.rts --unknown x d4.csv
fails "unknown to what" 2 "^rs-import: --unknown: unknown to what" rs-import --unknown drop d4.csv

# ---- formats with a name

printf '1::M\374::5::10\n2::b::3::20\n' >ratings.dat
printf '1::M::25\n2::F::18\n' >u.dat
rs-import -q --format movielens ratings.dat --users u.dat --user-cat sex=2 >out.rts
is "movielens" '1,Mü,5,10;2,b,3,20;' "$(rs-show --tsv user item label time <out.rts | sed 1d | tr '\t\n' ',;')"
is "movielens users" 'M;F;' "$(rs-show --tsv user.cat.sex <out.rts | sed 1d | tr '\n' ';')"
awk 'BEGIN { OFS = "\t"; $1 = 1; for (i = 2; i <= 14; i++) $i = i == 3 ? "" : i; for (i = 15; i <= 40; i++) $i = "c" i; print }' >day.txt </dev/null
rs-import -q --format criteo day.txt >out.rts
is "criteo: 26 categories" 26 "$(rs-show <out.rts | cut -f1 | grep -c '^row.cat.C')"
is "criteo: 13 numbers, one missing" '2,0,4,1' "$(rs-show --tsv row.num.I row.num.I_missing <out.rts | sed 1d | tr '\t' ',' | cut -d, -f1-3,15)"
is "libfm" '1,42|1572;-1,42;0,;' "$(show '1 42:1 1572:1\n-1 42:1\n0\n' label --format libfm | tr ';' '\n' >rows
	rs-show --tsv row.bag.x <out.rts | sed 1d | paste -d, rows - | tr '\n' ';')"
is "libffm" '1,a,b;0,,c;' "$(show '1 0:a:1 1:b:1\n0 1:c:1\n' 'label row.cat.field0 row.cat.field1' --format libffm)"
is "which has values only if some are not 1" 0 "$(rs-show <out.rts | grep -c row.num)"
is "libffm with values" '1,a,0.5,0,;0,,0,1,c;1,a,-2,0,c;' "$(show '1 0:a:0.5 1:b:1\n0 1:c:1\n1 1:c:1 0:a:-2\n' \
	'label row.cat.field0 row.num.field0 row.num.field0_missing row.cat.field1' --format libffm | sed 's/b;/;/')"
is "libffm with a field that comes several times" 'x|y;z;;' "$(show '1 0:a:1 g:x:1 g:y:0.5\n0 0:b:1 g:z:1\n1 0:a:1\n' row.bag.genres \
	--format libffm --bag 'genres=3: :')"
is "and its values are weights" '1;0.5;1;' "$(show '1 0:a:1 g:x:1 g:y:0.5\n0 0:b:1 g:z:1\n1 0:a:1\n' row.bag.genres.weight \
	--format libffm --bag 'genres=3: :')"
refuse "unless it is no bag" "stdin:1: a field that is there twice; --bag takes" '1 0:a:1 g:x:1 g:y:0.5\n' --format libffm
fails "a bag of libffm without its place" 2 "^rs-import: --bag: 'genres: :' is not NAME=COL: with" \
	rs-import --format libffm --bag 'genres: :' d1.csv
is "libfm with values: weights" '1;0.5;3;-2;' "$(show '1 42:1 1572:0.5\n-1 42:3 7:-2\n' row.bag.x.weight --format libfm)"
refuse "a weight that is no number" "stdin:2: .*expected a number as weight" '1 4:1\n1 5:x\n' --format libfm
is "bags with weights" 'x|y;;y|z:;,1;2.5;1;1;' "$(show 'user,item,w\na,1,x y:2.5\na,2,\nb,1,y z::1\n' row.bag.w --bag 'w: :' | tr '\n' ';'
	printf ,; rs-show --tsv row.bag.w.weight <out.rts | sed 1d | tr '\n' ';')"
is "no weights when all are 1" 0 "$(show 'user,item,w\na,1,x:1 y\n' user --bag 'w: :' >list; rs-show <out.rts | grep -c weight)"
fails "a bag with three signs" 2 "^rs-import: 'w: :=': a bag's separator is one byte, or two" rs-import d1.csv --bag 'w: :='
is "svmlight" '1,0,0.5,0;-1,3,0,0;' "$(show '1 2:0.5\n-1 1:3\n' 'label row.num.x' --format svmlight --num x=2-4)"
refuse "a wrong token, with its line" "stdin:2: a token that is not index:value" '1 2:1\n0 x\n' --format libfm
refuse "only where it is said" "stdin:2: n is 'NA'; expected a decimal number" 'user,item,n\na,1,NA\n' --num n
is "svmlight: indices beyond the width are said" "rs-import: warning: stdin: indices go up to 9; 3 is the last that is taken (--num)" \
	"$(printf '1 1:1 9:2\n' | rs-import --format svmlight --num x=2-4 2>&1 >/dev/null | grep warning)"
fails "svmlight without a width" 2 "^rs-import: --format svmlight: how many" rs-import --format svmlight d1.csv
fails "a format" 2 "^rs-import: --format: 'xls' is not csv, movielens" rs-import --format xls d1.csv

# ---- side tables and --vocab

printf 'user,item,label\na,1,4\nb,1,5\n' >s.csv
printf 'user,age,likes\na,30,x|y\n' >s1.dat
printf 'user,age,likes\na,31,x|z\nb,30,y\n' >s2.dat
rs-import -q s.csv --users s1.dat --user-cat age --user-bag likes >s1.rts
sides() { rs-import -q s.csv --users s2.dat --user-cat age --user-bag likes --vocab s1.rts "$@" | rs-show --tsv user.cat.age user.bag.likes |
	sed 1d | tr '\t\n' ',;'; }
is "unknown values of side tables are new" '31,x|z;30,y;' "$(sides)"
is "or dropped" ',x;30,y;' "$(sides --unknown drop)"
fails "or an error" 1 "^rs-import: s2.dat:2: age is '31'; expected a word of the vocabulary" \
	rs-import -q s.csv --users s2.dat --user-cat age --vocab s1.rts --unknown error
ok "dropped ones are told" sh -c 'rs-import s.csv --users s2.dat --user-cat age --user-bag likes --vocab s1.rts --unknown drop 2>&1 >out.rts |
	grep -q "^rs-import: s2.dat: 2 values left out: not in the vocabulary"'

# ---- side tables

printf 'user_id,book_id,rating\n58,26,4\n7,3,5\n58,3,1\n7,999,2\n' >r.csv
printf 'book_id,authors,year\n3,"Rowling, J.K.",1997\n26,Brown,\n500,Nobody,1900\n' >books.csv
printf 'id,book_id,genres\n1,26,"thriller, crime"\n2,3,fantasy\n' >genres.csv
printf '58::M::Alps\n9::F::Ulm\n' >users.dat
fails "side tables without headings have numbers" 1 "^rs-import: books.csv: no column 'authors'; without headings" \
	rs-import r.csv --items books.csv --side-no-header --item-cat authors
rs-import -q r.csv --items books.csv --item-cat authors --item-num year --items genres.csv \
	--item-bag genres:, >out.rts
names='item.cat.authors item.num.year item.num.year_missing item.bag.genres'
is "items in the order of their ids" 'Brown,0,1,thriller|crime;Rowling; J.K.,1997,0,fantasy;,0,1,;' \
	"$(rs-show --tsv $names <out.rts | sed '1d; s/, /; /' | tr '\t\n' ',;')"
ok "counts are told" sh -c 'rs-import r.csv --items books.csv --item-cat year 2>&1 >out.rts |
	grep -qx "rs-import: books.csv: 2 of 3 items found, 1 rows of others left out"'
rs-import -q r.csv --items books.csv --all-items --item-cat authors >out.rts
is "--all-items: those of the table only come behind" 4 "$(rs-show --tsv item.cat.authors <out.rts | sed 1d | wc -l)"
ok "and are counted" sh -c 'rs-import r.csv --items books.csv --all-items --item-cat authors 2>&1 >out.rts |
	grep -qx "rs-import: books.csv: 3 of 4 items found, 0 rows of others left out"'
fails "a pipe cannot be read twice" 1 "^rs-import: /dev/stdin: all its items are wanted" \
	sh -c 'cat books.csv | rs-import -q r.csv --items /dev/stdin --all-items --item-cat authors'
fails "--all-items needs a table" 2 "^rs-import: --item-cat, .*--all-items need a table" rs-import r.csv --all-items
rs-import -q r.csv --users users.dat --side-separator :: --side-no-header --user-cat sex=2,3 >out.rts
is "users by number" 'M,Alps;,;' "$(rs-show --tsv user.cat.sex user.cat.c3 <out.rts | sed 1d | tr '\t\n' ',;')"
is "all that was written" "$(printf '%s\n' vocab.user.cat.sex.at vocab.user.cat.sex.text vocab.user.cat.c3.at \
	vocab.user.cat.c3.text user.cat.sex user.cat.c3 vocab.user.at vocab.user.text vocab.item.at \
	vocab.item.text user item label)" "$(rs-show <out.rts | sed 1d | cut -f1)"
fails "a key twice" 1 "^rs-import: twice.csv:4: book_id '3' was already in line 2" sh -c \
	'printf "book_id,x\n3,1\n26,2\n3,3\n" >twice.csv; rs-import r.csv --items twice.csv --item-cat x'
fails "a key that does not match" 1 "^rs-import: books.csv: column year has no id of the rows" \
	rs-import r.csv --items books.csv --items-key year --item-cat authors
fails "a key that is not there" 1 "^rs-import: books.csv: no column 'x'; the headings are book_id" \
	rs-import r.csv --items books.csv --items-key x --item-cat authors
fails "a feature that is not there" 1 "^rs-import: books.csv: no column 'x'" rs-import r.csv --items books.csv --item-cat x
fails "a number that is none, in a side table" 1 "^rs-import: books.csv:2: authors is 'Rowling, J.K.'" \
	rs-import r.csv --items books.csv --item-num authors
fails "a side table for nothing" 2 "^rs-import: --items: nothing is taken" rs-import r.csv --items books.csv
fails "features of nothing" 2 "^rs-import: --item-cat.* need a table" rs-import r.csv --item-cat x
fails "users without a user column" 2 "^rs-import: --users: the rows have no user column" \
	rs-import r.csv --user none --label rating --users users.dat --side-no-header --user-cat 2
# ---- the manual's examples, on little files

printf '2 7 9\n1 9\n' >lists.dat
printf '2 0:3 5:1\n0\n' >mult.dat
printf '1 7\n2 9 7\n' >tag-item.dat
awk '{ for (i = 2; i <= NF; i++) print NR - 1 "," $i }' lists.dat >pairs.csv
awk 'BEGIN { print "item\twords" } { $1 = NR - 1 + 7 "\t"; print }' mult.dat >words.tsv
awk 'BEGIN { print "item\ttags" }
	{ for (i = 2; i <= NF; i++) tags[$i] = tags[$i] " " NR - 1 }
	END { for (i in tags) print i "\t" tags[i] }' tag-item.dat >tags.tsv
rs-import -q pairs.csv --no-header --user 1 --item 2 --items words.tsv --item-bag 'words: :' --items tags.tsv --item-bag 'tags: ' >out.rts
is "lists: pairs" '0,7;0,9;1,9;' "$(rs-show --tsv user item <out.rts | sed 1d | tr '\t\n' ',;')"
is "lists: tags and counted words" '0|5,0|1;,1;3;1;' "$(rs-show --tsv item.bag.words item.bag.tags <out.rts | sed 1d | tr '\t\n' ',;'
	rs-show --tsv item.bag.words.weight <out.rts | sed 1d | tr '\n' ';')"
printf '1 3:1 9:1 20:1\n-1 4:1 9:1 21:1\n' >fm.dat
is "libFM by place" '1,3:1,9:1,20:1;0,4:1,9:1,21:1;' "$(rs-import -q fm.dat --separator space --no-header --label 1 --true 1 --user 2 --item 3 --cat context=4- |
	rs-show --tsv label user item row.cat.context4 | sed 1d | tr '\t\n' ',;')"
rs-import -q d1.csv | rs-pick 'vocab.user.*' >users.rts
is "a second domain with the users of the first" '1,0;0,1;' "$(printf 'user,item\nb,x\na,y\n' | rs-import -q --vocab users.rts --unknown error >out.rts
	rs-pick user item <out.rts | rs-show --tsv user item | sed 1d | tr '\t\n' ',;')"

ok "-q is silent" sh -c 'rs-import -q r.csv 2>&1 >out.rts | cmp - /dev/null'
ok "history names files, not folders" sh -c 'rs-import -q "$0/r.csv" --items "$0/books.csv" --item-cat authors |
	rs-show --history | grep -q -- "rs-import .*--items=books.csv --item-cat=authors r.csv"' "$tmp"
printf 'user,item,label\n1,2,3\n' >"$tmp/a file.csv"
is "history names the file by its base name, with its digest" "in a%20file.csv crc32:$(gzip -c "$tmp/a file.csv" | tail -c 8 | od -An -tx4 -N4 | tr -d ' ') bytes:22" \
	"$(rs-import -q "$tmp/a file.csv" | zcat | grep -a '^in ')"
is "and --sha256 with a strong one" "$(sha256sum <"$tmp/a file.csv" | cut -d' ' -f1)" \
	"$(rs-import -q --sha256 "$tmp/a file.csv" | zcat | sed -n 's/^in .* sha256://p')"

is "a heading that is taken for data is said" "rs-import: warning: stdin: 'user' in the first line looks like a heading, but is taken for data (--no-header)" \
	"$(printf 'user,thing\na,b\n' | rs-import --no-header --user 1 --item 2 2>&1 >/dev/null | grep warning)"
refuse "dates of milliseconds" "stdin:2: d is '1709251199000'; expected a date, or seconds since 1970" 'label,d\n1,1709251199000\n' --date d

# ---- what of side tables is like what of rows

printf 'user,item,label\nb,x,1\na,y,0\n' >pair.csv
printf 'name,id,born,note\nA,a,2000-02-29 13:00,"say ""hi""\nC,c,1970-01-01,-\n' >people.csv
printf 'id,out\ny,1999-12-31\nx,2001-07-04\n' >things.csv
side() { rs-import -q pair.csv "$@" >out.rts && rs-show --tsv $names <out.rts | sed 1d | tr '\t\n' ',;'; }
names='user.cat.born_hour user.cat.born_weekday user.cat.born_month'
is "--user-date, and --users-key for whose" ',,;13,2,2;' \
	"$(side --users people.csv --users-key id --side-no-quotes --user-date born)"
names=user.cat.note
is "--side-no-quotes: quotes of side tables are ordinary bytes" ';"say ""hi"";' \
	"$(side --users people.csv --users-key id --side-no-quotes --user-cat note)"
fails "without it they quote" 1 "^rs-import: people.csv:2: a quote that opens here is never closed" \
	rs-import pair.csv --users people.csv --users-key id --user-cat note
names=user.cat.name
is "--all-users: those of the table only come behind" ';A;C;' \
	"$(side --users people.csv --users-key id --side-no-quotes --all-users --user-cat name)"
names='item.cat.out_hour item.cat.out_weekday item.cat.out_month'
is "--item-date" '0,3,7;0,5,12;' "$(side --items things.csv --item-date out)"
done_testing
