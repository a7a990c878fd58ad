// zlib, with the initialisers that are macros as inline functions.
#ifndef MIRRORD_CZLIB_H
#define MIRRORD_CZLIB_H

#include <zlib.h>

/// Starts inflating; accepts both zlib and gzip headers.
static inline int mirrord_inflate_init(z_stream *stream) { return inflateInit2(stream, 15 + 32); }

#endif
