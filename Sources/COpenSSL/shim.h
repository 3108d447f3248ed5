#pragma once
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

/* Stacks are macros over one untyped stack: typed names for those that Swift uses. */

static inline STACK_OF(X509) *vc_x509_stack_new(void) { return sk_X509_new_null(); }
/* Takes no reference; the number of elements afterwards, 0 on failure. */
static inline int vc_x509_stack_push(STACK_OF(X509) *stack, X509 *certificate) {
  return sk_X509_push(stack, certificate);
}
static inline int vc_x509_stack_count(const STACK_OF(X509) *stack) { return sk_X509_num(stack); }
static inline X509 *vc_x509_stack_at(const STACK_OF(X509) *stack, int index) { return sk_X509_value(stack, index); }
/* Frees the stack, not its elements. */
static inline void vc_x509_stack_free(STACK_OF(X509) *stack) { sk_X509_free(stack); }

static inline int vc_names_count(const GENERAL_NAMES *names) { return sk_GENERAL_NAME_num(names); }
static inline GENERAL_NAME *vc_names_at(const GENERAL_NAMES *names, int index) {
  return sk_GENERAL_NAME_value(names, index);
}

/* X509V3_CTX holds pointers only for the time of one call. */
static inline X509_EXTENSION *vc_extension(X509 *issuer, X509 *subject, X509_CRL *list, int nid, const char *value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, subject, NULL, list, 0);
  return X509V3_EXT_conf_nid(NULL, &context, nid, value);
}

static inline void vc_free_string(unsigned char *string) { OPENSSL_free(string); }
