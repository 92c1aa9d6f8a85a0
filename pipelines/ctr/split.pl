#!/usr/bin/perl
# split.pl -- ratings of MovieLens-1M (user::item::stars, or tabs), line by line in the order of the release,
# to user, item, stars, part: the split of the PyTorch runs in RESULTS.md. splitmix64(number of the line, from 0)
# modulo 10: 0 is test, 1 valid, else train.
use strict;
use warnings;
no warnings 'portable';

# Numbers of 64 bits: `use integer` multiplies modulo 2^64, but takes them as signed.
sub unsigned { return unpack 'Q', pack 'q', shift }
sub signed   { return unpack 'q', pack 'Q', shift }

sub mix {
    use integer;
    my $x = shift() + signed(0x9E3779B97F4A7C15);
    $x = ($x ^ shifted($x, 30)) * signed(0xBF58476D1CE4E5B9);
    $x = ($x ^ shifted($x, 27)) * signed(0x94D049BB133111EB);
    return $x ^ shifted($x, 31);
}

sub shifted {
    my ($x, $n) = @_;
    return signed(unsigned($x) >> $n);
}

while (<>) {
    chomp;
    my @field = split /::|\t/;
    my $fold = unsigned(mix($. - 1)) % 10;
    print join("\t", @field[0 .. 2], $fold == 0 ? 'test' : $fold == 1 ? 'valid' : 'train'), "\n";
}
