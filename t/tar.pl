# What makes tar headers and blocks, for tar-edit and tar-variants.
use strict;
use warnings;

# Where each field starts, and its length.
our %fields = (
	name => [0, 100], mode => [100, 8], uid => [108, 8], gid => [116, 8],
	size => [124, 12], mtime => [136, 12], chksum => [148, 8], typeflag => [156, 1],
	linkname => [157, 100], magic => [257, 6], version => [263, 2], uname => [265, 32],
	gname => [297, 32], devmajor => [329, 8], devminor => [337, 8], prefix => [345, 155],
	padding => [500, 12],
);

# Writes a field, padded with NUL.
sub set {
	my ($header, $field, $value) = @_;
	my ($offset, $length) = @{$fields{$field}};
	substr($$header, $offset, $length) = pack("a$length", $value);
}

sub with_checksum {
	my ($header) = @_;
	set(\$header, 'chksum', ' ' x 8);
	set(\$header, 'chksum', sprintf("%06o\0 ", unpack('%32C*', $header)));
	return $header;
}

sub padded {
	my ($bytes) = @_;
	return $bytes . "\0" x (-length($bytes) % 512);
}

# The header of an extended header of that many bytes.
sub extended_header {
	my ($size) = @_;
	my $header = "\0" x 512;
	set(\$header, 'name', 'PaxHeaders.0/x');
	set(\$header, $_, "0000000") for qw(mode uid gid);
	set(\$header, 'size', sprintf('%011o', $size));
	set(\$header, 'mtime', '0' x 11);
	set(\$header, 'typeflag', 'x');
	set(\$header, 'magic', 'ustar');
	set(\$header, 'version', '00');
	return with_checksum($header);
}

1;
