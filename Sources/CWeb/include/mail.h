// One mail by libcurl, whose options have a variable number of arguments.
#pragma once
#include <stddef.h>

// Hands a message (RFC 5322, lines ended by CR LF) to a server (`smtp://host:port`); waits up to `seconds`. The result is
// a CURLcode; `error` has room for CURL_ERROR_SIZE bytes.
int cweb_send_mail(const char *server, const char *from, const char *to, const char *message, size_t size, long seconds,
                   char *error);
