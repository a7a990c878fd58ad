# A token service (distribution's "Token Authentication Specification"): ADDRESS ALGORITHM KEY NAME.
# It knows ann, whose password is sesame, and lets her pull library/busybox.
use strict;
use warnings;
use IO::Socket::INET;
use MIME::Base64 qw(decode_base64 encode_base64url);

my ($address, $algorithm, $key, $name) = @ARGV;
my $socket = IO::Socket::INET->new(LocalAddr => $address, Listen => 16, ReuseAddr => 1)
    or die "cannot listen at $address: $!\n";
while (my $client = $socket->accept) {
    my $head = "";
    while (defined(my $line = <$client>)) {
        last if $line eq "\r\n";
        $head .= $line;
    }
    my ($status, $body) = answer($head);
    print $client "HTTP/1.1 $status\r\nContent-Type: application/json\r\n",
        "Content-Length: ", length $body, "\r\nConnection: close\r\n\r\n$body";
    close $client;
}

sub answer {
    my ($head) = @_;
    # Clients that would rather send a form try this way next.
    return ("405 Method Not Allowed", "{}") unless $head =~ m{^GET /token\?(\S*) };
    my $query = $1;
    my ($login) = $head =~ /^Authorization: Basic (\S+)/im;
    return ("401 Unauthorized", "{}") unless $login && decode_base64($login) eq "ann:sesame";
    my ($service) = $query =~ /service=([^&]*)/;
    my $allows = decoded($query) =~ m{scope=repository:library/busybox:pull} ? <<"END" : "";
{"type":"repository","name":"library/busybox","actions":["pull"]}
END
    chomp $allows;
    my $now = time;
    my $end = $now + 300;
    my $token = signed(
        qq({"typ":"JWT","alg":"$algorithm","kid":"$name"}),
        qq({"iss":"tokens.test","sub":"ann","aud":"$service","exp":$end,"nbf":$now,"iat":$now,)
            . qq("access":[$allows]}));
    return ("200 OK", qq({"token":"$token","access_token":"$token","expires_in":300}));
}

sub decoded {
    my ($text) = @_;
    $text =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ge;
    return $text;
}

sub signed {
    my $content = join ".", map { encode_base64url($_) } @_;
    open my $file, ">", "content" or die;
    print $file $content;
    close $file;
    my $signature = `openssl dgst -sha256 -sign $key content`;
    $signature = halves($signature) if $algorithm eq "ES256";
    return "$content." . encode_base64url($signature);
}

# Both numbers of a signature of the curve P-256, 32 bytes each (RFC 7518 section 3.4).
sub halves {
    my @numbers = unpack("x2 x C/a x C/a", $_[0]);
    return join "", map { substr("\0" x 32 . $_, -32) } @numbers;
}
