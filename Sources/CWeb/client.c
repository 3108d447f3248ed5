#include "client.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <sys/prctl.h>

int cweb_set_number(void *easy, int option, long value) {
  return (int)curl_easy_setopt(easy, (CURLoption)option, value);
}

int cweb_set_text(void *easy, int option, const char *text) {
  return (int)curl_easy_setopt(easy, (CURLoption)option, text);
}

int cweb_set_blob(void *easy, int option, const void *bytes, size_t count) {
  struct curl_blob blob = {.data = (void *)bytes, .len = count, .flags = CURL_BLOB_COPY};
  return (int)curl_easy_setopt(easy, (CURLoption)option, &blob);
}

int cweb_set_list(void *easy, int option, void *list) {
  return (int)curl_easy_setopt(easy, (CURLoption)option, list);
}

int cweb_set_body(void *easy, const void *bytes, size_t count) {
  // The size goes first: without it libcurl would take the length of a C string.
  CURLcode code = curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
  if (code != CURLE_OK) return (int)code;
  return (int)curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, bytes);
}

int cweb_set_receivers(void *easy, cweb_receiver head, cweb_receiver body, void *context) {
  CURLcode code = curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, head);
  if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_HEADERDATA, context);
  if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, body);
  if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_WRITEDATA, context);
  if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_PRIVATE, context);
  return (int)code;
}

int cweb_set_error_text(void *easy, char *buffer) {
  return (int)curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, buffer);
}

static int close_on_exec(void *context, curl_socket_t socket, curlsocktype purpose) {
  (void)context;
  (void)purpose;
  int flags = fcntl(socket, F_GETFD);
  if (flags < 0 || fcntl(socket, F_SETFD, flags | FD_CLOEXEC) < 0) return CURL_SOCKOPT_ERROR;
  return CURL_SOCKOPT_OK;
}

int cweb_set_close_on_exec(void *easy) {
  return (int)curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, close_on_exec);
}

int cweb_get_number(void *easy, int information, long *value) {
  return (int)curl_easy_getinfo(easy, (CURLINFO)information, value);
}

void *cweb_get_certificates(void *easy) {
  struct curl_certinfo *found = NULL;
  return curl_easy_getinfo(easy, CURLINFO_CERTINFO, &found) == CURLE_OK ? found : NULL;
}

void *cweb_get_private(void *easy) {
  char *pointer = NULL;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &pointer);
  return pointer;
}

int cweb_multi_set_number(void *multi, int option, long value) {
  return (int)curl_multi_setopt(multi, (CURLMoption)option, value);
}

int cweb_multi_set_callbacks(void *multi, cweb_watcher watcher, cweb_timer timer, void *context) {
  CURLMcode code = curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, watcher);
  if (code == CURLM_OK) code = curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, context);
  if (code == CURLM_OK) code = curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, timer);
  if (code == CURLM_OK) code = curl_multi_setopt(multi, CURLMOPT_TIMERDATA, context);
  return (int)code;
}

void cweb_name_thread(const char *name) { prctl(PR_SET_NAME, name); }
