#define _GNU_SOURCE
#include "CWebServer.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>

/// The server decodes targets itself; here they stay as they came.
static size_t keep_escapes(void *context, struct MHD_Connection *connection, char *text) {
  (void)context;
  (void)connection;
  return strlen(text);
}

/// What libmicrohttpd is about to refuse on this thread.
static _Thread_local struct {
  const struct web_server_options *options;
  unsigned status;
  bool is_length;
} refused;

/// Reads the status out of the one message that comes before each answer of libmicrohttpd's own.
static void note_refusal(void *options, const char *format, va_list arguments) {
  if (strstr(format, "Content-Length") != NULL) refused.is_length = true;
  if (strstr(format, "HTTP response code is %u") == NULL) return;
  refused.options = options;
  refused.status = va_arg(arguments, unsigned);
}

struct MHD_Daemon *web_server_start(const struct web_server_options *options) {
  unsigned flags = MHD_USE_ERROR_LOG | MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME;
  struct MHD_OptionItem tls[] = {
    // TLS 1.3 alone; its suites and groups as GnuTLS ranks them.
    {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)"NORMAL:-VERS-ALL:+VERS-TLS1.3"},
    {MHD_OPTION_HTTPS_CERT_CALLBACK, 0, (void *)options->identity},
    {MHD_OPTION_END, 0, NULL},
  };
  if (options->tls) flags |= MHD_USE_TLS;
  return MHD_start_daemon(
    flags, 0, NULL, NULL, options->handle, options->context,
    MHD_OPTION_EXTERNAL_LOGGER, note_refusal, (void *)options,
    MHD_OPTION_CONNECTION_MEMORY_LIMIT, options->connection_memory,
    MHD_OPTION_CONNECTION_LIMIT, options->connection_limit,
    MHD_OPTION_CONNECTION_TIMEOUT, options->timeout_seconds,
    MHD_OPTION_NOTIFY_COMPLETED, options->completed, options->context,
    MHD_OPTION_NOTIFY_CONNECTION, options->connected, options->context,
    MHD_OPTION_URI_LOG_CALLBACK, options->begin, options->context,
    MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL,
    // Hosts, blanks and the like are judged by the server itself, whose answers say more.
    MHD_OPTION_STRICT_FOR_CLIENT, 0,
    MHD_OPTION_ARRAY, options->tls ? tls : tls + 2,
    MHD_OPTION_END);
}

void web_server_hide_query(const char *target) {
  char *mark = strchr(target, '?');
  // The text stands in the connection's own buffer, which libmicrohttpd writes to in a moment.
  if (mark != NULL) mark[1] = '\0';
}

struct MHD_Response *web_server_response(const void *bytes, size_t size) {
  void *copy = malloc(size > 0 ? size : 1);
  if (copy == NULL) return NULL;
  if (size > 0) memcpy(copy, bytes, size);
  struct MHD_Response *response = MHD_create_response_from_buffer_with_free_callback(size, copy, free);
  if (response == NULL) free(copy);
  return response;
}

/// Takes the place of libmicrohttpd's function of this name, which it calls itself, through the dynamic linker, for
/// nothing but its own answers to what it cannot read: those are pages of HTML, and there is no option for others.
/// Where the linker binds that call otherwise, the pages are what clients get.
struct MHD_Response *MHD_create_response_from_buffer(size_t size, void *buffer, enum MHD_ResponseMemoryMode mode) {
  if (refused.status != 0) {
    const struct web_server_options *options = refused.options;
    const unsigned status = refused.status;
    const bool is_length = refused.is_length;
    refused.status = 0;
    refused.is_length = false;
    // Without an answer the connection is closed.
    if (is_length && options->refuse_length(options->context, status)) return NULL;
    struct MHD_Response *response = options->refuse(options->context, status);
    if (response != NULL) return response;
  }
  struct MHD_Response *response = web_server_response(buffer, size);
  if (mode == MHD_RESPMEM_MUST_FREE && response != NULL) free(buffer);
  return response;
}

int web_server_epoll(struct MHD_Daemon *daemon) {
  const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD);
  return info == NULL ? -1 : info->epoll_fd;
}

int64_t web_server_timeout(struct MHD_Daemon *daemon) {
  MHD_UNSIGNED_LONG_LONG milliseconds = 0;
  if (MHD_get_timeout(daemon, &milliseconds) != MHD_YES) return -1;
  return milliseconds > INT32_MAX ? INT32_MAX : (int64_t)milliseconds;
}

gnutls_session_t web_server_session(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
  return info == NULL ? NULL : (gnutls_session_t)info->tls_session;
}

void *web_server_context(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return info == NULL ? NULL : info->socket_context;
}

/// Where one header after the other is read to.
struct reading {
  char *buffer;
  size_t capacity;
  struct web_server_headers *headers;
};

/// What may stand in a header's name (RFC 9110, section 5.6.2).
static bool is_token(const char *text, size_t size) {
  for (size_t i = 0; i < size; i++) {
    const unsigned char c = (unsigned char)text[i];
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) continue;
    if (c == '\0' || strchr("!#$%&'*+-.^_`|~", c) == NULL) return false;
  }
  return size > 0;
}

/// No control characters but the tabulator (RFC 9110, section 5.5).
static bool is_value(const char *text, size_t size) {
  for (size_t i = 0; i < size; i++) {
    const unsigned char c = (unsigned char)text[i];
    if ((c < 0x20 && c != '\t') || c == 0x7f) return false;
  }
  return true;
}

static uint64_t number(const char *text, size_t size) {
  uint64_t value = 0;
  if (size == 0 || size > 18) return UINT64_MAX;
  for (size_t i = 0; i < size; i++) {
    if (text[i] < '0' || text[i] > '9') return UINT64_MAX;
    value = value * 10 + (uint64_t)(text[i] - '0');
  }
  return value;
}

static bool is_named(const char *name, size_t size, const char *wanted, size_t wanted_size) {
  return size == wanted_size && strncasecmp(name, wanted, size) == 0;
}
#define IS_NAMED(wanted) is_named(name, name_size, wanted, sizeof(wanted) - 1)

static enum MHD_Result read_header(
  void *context, enum MHD_ValueKind kind, const char *name, size_t name_size, const char *value, size_t value_size) {
  struct reading *reading = context;
  struct web_server_headers *headers = reading->headers;
  (void)kind;
  if (value == NULL) value_size = 0;
  headers->count++;
  if (!is_token(name, name_size) || !is_value(value, value_size)) headers->malformed = true;
  switch (name_size) {
    case 4:
      if (IS_NAMED("Host")) headers->hosts++;
      break;
    case 6:
      if (IS_NAMED("Expect") && !is_named(value, value_size, "100-continue", 12)) headers->expects = true;
      break;
    case 14:
      if (IS_NAMED("Content-Length")) {
        headers->lengths++;
        headers->length = number(value, value_size);
      }
      break;
    case 17:
      if (IS_NAMED("Transfer-Encoding")) {
        headers->encodings++;
        headers->chunked = is_named(value, value_size, "chunked", 7);
      }
      break;
    default:
      break;
  }
  const size_t size = name_size + value_size + 2;
  if (headers->bytes + size <= reading->capacity) {
    char *end = reading->buffer + headers->bytes;
    memcpy(end, name, name_size);
    end[name_size] = '\0';
    if (value_size > 0) memcpy(end + name_size + 1, value, value_size);
    end[size - 1] = '\0';
  }
  headers->bytes += (uint32_t)size;
  return MHD_YES;
}

void web_server_read_headers(
  struct MHD_Connection *connection, char *buffer, size_t capacity, struct web_server_headers *headers) {
  struct reading reading = {buffer, capacity, headers};
  memset(headers, 0, sizeof(*headers));
  MHD_get_connection_values_n(connection, MHD_HEADER_KIND, read_header, &reading);
}

int web_server_accept(int listener, struct sockaddr *address, socklen_t *length) {
  return accept4(listener, address, length, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

struct web_server_credentials web_server_credentials(int descriptor) {
  struct ucred credentials;
  socklen_t size = sizeof(credentials);
  if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
    return (struct web_server_credentials){65534, 65534, 0};
  }
  return (struct web_server_credentials){credentials.uid, credentials.gid, credentials.pid};
}

void web_server_name_thread(const char *name) {
  // A name that does not stick does no harm.
  (void)prctl(PR_SET_NAME, name, 0, 0, 0);
}

void web_server_forget(gnutls_datum_t *secret) {
  if (secret->data == NULL) return;
  gnutls_memset(secret->data, 0, secret->size);
  gnutls_free(secret->data);
  secret->data = NULL;
}
