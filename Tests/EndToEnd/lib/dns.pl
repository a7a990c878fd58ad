# A name server at 127.0.0.1 for which every name is 127.0.0.1.
use strict;
use warnings;
use IO::Socket::INET;

my $socket = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => 53, Proto => "udp")
    or die "cannot listen at port 53: $!\n";
while (defined(my $peer = $socket->recv(my $query, 512))) {
    # The question is a name, which ends with a zero, its type and its class (RFC 1035).
    my $end = index($query, "\0", 12) + 5;
    my $type = unpack("n", substr($query, $end - 4, 2));
    my $answer = $type == 1 ? pack("nnnNnC4", 0xC00C, 1, 1, 60, 4, 127, 0, 0, 1) : "";
    my $counts = pack("nnnn", 1, $answer ? 1 : 0, 0, 0);
    $socket->send(
        substr($query, 0, 2) . pack("n", 0x8180) . $counts . substr($query, 12, $end - 12) . $answer,
        0, $peer);
}
