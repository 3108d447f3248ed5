#include "mail.h"

#include <curl/curl.h>
#include <stdio.h>

int cweb_send_mail(const char *server, const char *from, const char *to, const char *message, size_t size, long seconds,
                   char *error) {
  CURL *easy = curl_easy_init();
  if (!easy) return CURLE_FAILED_INIT;
  struct curl_slist *recipients = curl_slist_append(NULL, to);
  // fmemopen(3) reads only; libcurl's own reader is fread(3).
  FILE *body = fmemopen((void *)message, size, "r");
  CURLcode code = recipients && body ? CURLE_OK : CURLE_OUT_OF_MEMORY;
  if (!code) code = curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, error);
  if (!code) code = curl_easy_setopt(easy, CURLOPT_URL, server);
  if (!code) code = curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  if (!code) code = curl_easy_setopt(easy, CURLOPT_MAIL_FROM, from);
  if (!code) code = curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, recipients);
  if (!code) code = curl_easy_setopt(easy, CURLOPT_READDATA, body);
  if (!code) code = curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
  if (!code) code = curl_easy_setopt(easy, CURLOPT_TIMEOUT, seconds);
  if (!code) code = curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  // Encrypted where the server can (RFC 3207).
  if (!code) code = curl_easy_setopt(easy, CURLOPT_USE_SSL, (long)CURLUSESSL_TRY);
  if (!code) code = curl_easy_perform(easy);
  if (body) fclose(body);
  curl_slist_free_all(recipients);
  curl_easy_cleanup(easy);
  return code;
}
