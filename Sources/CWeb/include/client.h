// libcurl's functions with a variable number of arguments, one per type of argument.
//
// Handles are `void *` and codes, options and pieces of information are `int` here, so that this header does not
// repeat curl's own declarations, which Swift takes from the module CCurl.
#pragma once
#include <stddef.h>
#include <stdint.h>
// The C library's module in Swift leaves these two out.
#include <sys/epoll.h>
#include <sys/eventfd.h>

// What libcurl calls with received bytes; returns how many it took (anything else ends the transfer).
typedef size_t (*cweb_receiver)(char *bytes, size_t size, size_t count, void *context);
// What libcurl calls when it wants a socket watched (CURLMOPT_SOCKETFUNCTION(3)).
typedef int (*cweb_watcher)(void *easy, int socket, int what, void *context, void *unused);
// What libcurl calls when it wants to be called after some milliseconds, -1 for never (CURLMOPT_TIMERFUNCTION(3)).
typedef int (*cweb_timer)(void *multi, long milliseconds, void *context);

// curl_easy_setopt(3) with a long, a text (copied), a blob (copied) and a list (kept: free it after the transfer).
int cweb_set_number(void *easy, int option, long value);
int cweb_set_text(void *easy, int option, const char *text);
int cweb_set_blob(void *easy, int option, const void *bytes, size_t count);
int cweb_set_list(void *easy, int option, void *list);
// Sets the request's body, which is copied.
int cweb_set_body(void *easy, const void *bytes, size_t count);
// Sets where the lines of the head and the bytes of the body go, and the handle's private pointer, to `context`.
int cweb_set_receivers(void *easy, cweb_receiver head, cweb_receiver body, void *context);
// Sets where the error's text goes: at least CURL_ERROR_SIZE bytes that outlive the handle.
int cweb_set_error_text(void *easy, char *buffer);
// Makes the handle's sockets close at execve(2).
int cweb_set_close_on_exec(void *easy);
// curl_easy_getinfo(3) for a long and for the private pointer.
int cweb_get_number(void *easy, int information, long *value);
void *cweb_get_private(void *easy);
// The same for what the server showed: a `struct curl_certinfo` that lives as long as the handle; null where there is none.
void *cweb_get_certificates(void *easy);

// curl_multi_setopt(3).
int cweb_multi_set_number(void *multi, int option, long value);
int cweb_multi_set_callbacks(void *multi, cweb_watcher watcher, cweb_timer timer, void *context);

// Names the calling thread, with at most 15 bytes (prctl(2), PR_SET_NAME).
void cweb_name_thread(const char *name);
