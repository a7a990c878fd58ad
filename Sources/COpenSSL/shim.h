// OpenSSL 3, with its function-like macros as inline functions that Swift can call.
#ifndef MIRRORD_COPENSSL_H
#define MIRRORD_COPENSSL_H

#include <errno.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

static inline long mirrord_SSL_set_tlsext_host_name(SSL *ssl, const char *name) {
    return SSL_set_tlsext_host_name(ssl, name);
}

static inline int mirrord_SSL_CTX_set_min_proto_version(SSL_CTX *context, int version) {
    return (int)SSL_CTX_set_min_proto_version(context, version);
}

static inline int mirrord_SSL_CTX_set_max_proto_version(SSL_CTX *context, int version) {
    return (int)SSL_CTX_set_max_proto_version(context, version);
}

static inline long mirrord_SSL_CTX_set_mode(SSL_CTX *context, long mode) {
    return SSL_CTX_set_mode(context, mode);
}

static inline long mirrord_SSL_CTX_set_session_cache_mode(SSL_CTX *context, long mode) {
    return SSL_CTX_set_session_cache_mode(context, mode);
}

// There is no passphrase: OpenSSL would ask for it at the terminal, and wait.
static inline int mirrord_no_passphrase(char *buffer, int size, int writes, void *data) {
    (void)buffer;
    (void)size;
    (void)writes;
    (void)data;
    return -1;
}

// What every context is set to: TLS 1.2 at least, no renegotiation, writes that may move part of
// a buffer and be repeated from elsewhere, buffers given back while idle, reads of as much as the
// socket has, and keys without a passphrase.
static inline int mirrord_SSL_CTX_configure(SSL_CTX *context) {
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                  SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_default_passwd_cb(context, mirrord_no_passphrase);
    return (int)SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
}

// HTTP/1.1 for clients that offer it; no_application_protocol for those that offer only others
// (RFC 7301 section 3.2).
static inline int mirrord_select_protocol(SSL *ssl, const unsigned char **chosen,
                                          unsigned char *length, const unsigned char *offered,
                                          unsigned int offered_length, void *data) {
    static const unsigned char spoken[] = "\x08http/1.1";
    (void)ssl;
    (void)data;
    return SSL_select_next_proto((unsigned char **)chosen, length, spoken, sizeof spoken - 1,
                                 offered, offered_length) == OPENSSL_NPN_NEGOTIATED
               ? SSL_TLSEXT_ERR_OK
               : SSL_TLSEXT_ERR_ALERT_FATAL;
}

// What a server's context is set to besides. Sessions are resumed by tickets, which the clients
// keep, so there is no cache of them. A server that asks for certificates must name its sessions.
// Clients without hardware for AES get ChaCha20, else the server's own order counts.
static inline void mirrord_SSL_CTX_serve(SSL_CTX *context) {
    SSL_CTX_set_options(context, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_session_id_context(context, (const unsigned char *)"mirrord", 7);
    SSL_CTX_set_alpn_select_cb(context, mirrord_select_protocol, NULL);
}

static inline int mirrord_accept_any_chain(X509_STORE_CTX *store, void *data) {
    (void)store;
    (void)data;
    return 1;
}

// Asks clients for a certificate: whether they must have one, and whether it is checked. An
// authority that was named is believed even where another one vouches for it.
static inline void mirrord_SSL_CTX_ask_client(SSL_CTX *context, int is_needed, int is_checked) {
    int mode = SSL_VERIFY_PEER | (is_needed ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0);
    SSL_CTX_set_verify(context, mode, NULL);
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context), X509_V_FLAG_PARTIAL_CHAIN);
    if (!is_checked) SSL_CTX_set_cert_verify_callback(context, mirrord_accept_any_chain, NULL);
}

// Names the authorities in `file` to clients that are asked for a certificate.
static inline int mirrord_SSL_CTX_name_authorities(SSL_CTX *context, const char *file) {
    STACK_OF(X509_NAME) *names = SSL_CTX_get_client_CA_list(context);
    if (names != NULL) return SSL_add_file_cert_subjects_to_stack(names, file);
    names = SSL_load_client_CA_file(file);
    SSL_CTX_set_client_CA_list(context, names);
    return names != NULL;
}

// Whether an error of OpenSSL's queue is the system's, so that its reason is an errno.
static inline int mirrord_ERR_is_system(unsigned long code) { return ERR_SYSTEM_ERROR(code); }

static inline int mirrord_ERR_reason(unsigned long code) { return ERR_GET_REASON(code); }

// Writes a name as RFC 4514 has it, but with what lies beyond ASCII as it is.
static inline int mirrord_X509_NAME_write(BIO *bio, const X509_NAME *name) {
    return X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0;
}

static inline void mirrord_OPENSSL_free(void *memory) { OPENSSL_free(memory); }

// A BIO on a socket that does not block. OpenSSL's own writes with write(2), which kills the
// process with SIGPIPE when the peer has gone; this one sends with MSG_NOSIGNAL.
static inline int mirrord_bio_descriptor(BIO *bio) { return (int)(intptr_t)BIO_get_data(bio); }

static inline int mirrord_bio_retries(void) { return errno == EAGAIN || errno == EINTR; }

static inline int mirrord_bio_write(BIO *bio, const char *bytes, int count) {
    BIO_clear_retry_flags(bio);
    ssize_t sent = send(mirrord_bio_descriptor(bio), bytes, (size_t)count, MSG_NOSIGNAL);
    if (sent < 0 && mirrord_bio_retries()) BIO_set_retry_write(bio);
    return (int)sent;
}

// A flag of ours: the last read got less than it could have, so the socket is empty. It is one that
// OpenSSL has for memory BIOs alone.
#define MIRRORD_BIO_EMPTIED 0x200

static inline int mirrord_bio_read(BIO *bio, char *bytes, int count) {
    BIO_clear_retry_flags(bio);
    ssize_t received = recv(mirrord_bio_descriptor(bio), bytes, (size_t)count, 0);
    if (received < count) BIO_set_flags(bio, MIRRORD_BIO_EMPTIED);
    else BIO_clear_flags(bio, MIRRORD_BIO_EMPTIED);
    if (received < 0 && mirrord_bio_retries()) BIO_set_retry_read(bio);
    if (received == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    return (int)received;
}

static inline long mirrord_bio_control(BIO *bio, int command, long number, void *pointer) {
    (void)number;
    (void)pointer;
    switch (command) {
    case BIO_CTRL_FLUSH: return 1;
    case BIO_CTRL_EOF: return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
    default: return 0;
    }
}

static inline BIO_METHOD *mirrord_bio_method_new(void) {
    BIO_METHOD *method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "mirrord socket");
    if (method == NULL) return NULL;
    BIO_meth_set_write(method, mirrord_bio_write);
    BIO_meth_set_read(method, mirrord_bio_read);
    BIO_meth_set_ctrl(method, mirrord_bio_control);
    return method;
}

// Whether the last read from the socket of `ssl` has emptied it.
static inline int mirrord_SSL_has_emptied(const SSL *ssl) {
    return BIO_test_flags(SSL_get_rbio(ssl), MIRRORD_BIO_EMPTIED) != 0;
}

// A BIO on `descriptor`, which stays the caller's to close.
static inline BIO *mirrord_bio_new(const BIO_METHOD *method, int descriptor) {
    BIO *bio = BIO_new(method);
    if (bio == NULL) return NULL;
    BIO_set_data(bio, (void *)(intptr_t)descriptor);
    BIO_set_init(bio, 1);
    return bio;
}

#endif
