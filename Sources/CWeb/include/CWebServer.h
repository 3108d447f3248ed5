// The server's half: libmicrohttpd's functions with a variable number of arguments, and what runs once a header.
#pragma once
#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

/// How a daemon without a thread and a socket of its own is started.
struct web_server_options {
  bool tls;
  size_t connection_memory;      ///< bytes for the headers of a request and of its answer
  unsigned connection_limit;
  unsigned timeout_seconds;      ///< without any progress
  void *context;                 ///< the first argument of every callback
  MHD_AccessHandlerCallback handle;
  void *(*begin)(void *context, const char *target, struct MHD_Connection *connection);
  MHD_RequestCompletedCallback completed;
  MHD_NotifyConnectionCallback connected;
  gnutls_certificate_retrieve_function2 *identity;  ///< only with `tls`
  /// Makes the answer to what libmicrohttpd itself cannot read; it speaks for itself where this gives NULL.
  struct MHD_Response *(*refuse)(void *context, unsigned status);
  /// Answers a request whose Content-Length is no number, past libmicrohttpd: it would send its headers twice.
  bool (*refuse_length)(void *context, unsigned status);
};

/// Starts a daemon that the caller runs (`MHD_run`) when its epoll descriptor is readable; NULL where it cannot.
/// `options` must outlive it.
struct MHD_Daemon *web_server_start(const struct web_server_options *options);

/// Keeps libmicrohttpd from taking a target's query apart: many parameters would use up the connection's memory, upon
/// which it neither answers nor closes. Only within `begin`; the target ends behind its `?` then.
void web_server_hide_query(const char *target);

/// An answer that holds a copy of `bytes`; NULL without memory.
struct MHD_Response *web_server_response(const void *bytes, size_t size);

/// The daemon's epoll descriptor, which belongs to the daemon; -1 where there is none.
int web_server_epoll(struct MHD_Daemon *daemon);

/// Milliseconds until the daemon must run though nothing happens; -1 for never.
int64_t web_server_timeout(struct MHD_Daemon *daemon);

/// The TLS session of a connection; NULL where it has none.
gnutls_session_t web_server_session(struct MHD_Connection *connection);

/// What `MHD_NotifyConnectionCallback` kept for the connection.
void *web_server_context(struct MHD_Connection *connection);

/// What decides how a request is framed, counted over its headers (RFC 9112, section 6.3).
struct web_server_headers {
  uint32_t count;
  uint32_t bytes;           ///< names, values and their ends
  uint32_t hosts;
  uint32_t lengths;         ///< of Content-Length
  uint32_t encodings;       ///< of Transfer-Encoding
  bool malformed;           ///< a name that is no token, or a control character in a value
  bool chunked;             ///< the transfer encoding is `chunked` and nothing else
  bool expects;             ///< `Expect` other than `100-continue`
  uint64_t length;          ///< of the body; UINT64_MAX where it is no number
};

/// Copies the headers as `name NUL value NUL` to `buffer` as far as they fit, and describes them.
void web_server_read_headers(
  struct MHD_Connection *connection, char *buffer, size_t capacity, struct web_server_headers *headers);

/// Accepts a connection that does not block and is closed by `execve` (accept4(2)).
int web_server_accept(int listener, struct sockaddr *address, socklen_t *length);

/// Who connected a Unix socket (`SO_PEERCRED`); nobody's numbers where the kernel does not know.
struct web_server_credentials {
  uint32_t user, group;
  int32_t process;
};
struct web_server_credentials web_server_credentials(int descriptor);

/// Names the calling thread, in up to 15 bytes (PR_SET_NAME, prctl(2)).
void web_server_name_thread(const char *name);

/// Overwrites and frees what GnuTLS made (`gnutls_free` is a variable).
void web_server_forget(gnutls_datum_t *secret);
