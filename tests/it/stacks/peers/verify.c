/* OpenSSL's X509_verify_cert over a list of cases, asked as a TLS peer asks it.
   verify strict|plain FOLDER < LIST: each line "name role host moment crls", blanks between; a letter and a reason come back. */
#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FILE *open_part(const char *folder, const char *name, const char *part) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s/%s.pem", folder, name, part);
  return fopen(path, "r");
}

/* Certificates that cannot be read are left out: *unread counts them. */
static STACK_OF(X509) *certificates(const char *folder, const char *name, const char *part, int *unread) {
  STACK_OF(X509) *list = sk_X509_new_null();
  FILE *file = open_part(folder, name, part);
  char *label, *header;
  unsigned char *octets;
  long length;
  while (file && PEM_read(file, &label, &header, &octets, &length)) {
    const unsigned char *at = octets;
    X509 *one = d2i_X509(NULL, &at, length);
    if (one) sk_X509_push(list, one);
    else ++*unread;
    OPENSSL_free(label), OPENSSL_free(header), OPENSSL_free(octets);
  }
  if (file) fclose(file);
  ERR_clear_error();
  return list;
}

static void judge(const char *folder, int strict, const char *name, const char *role, const char *host, long moment, int crls) {
  int unread_leaf = 0, unread_sent = 0, unread_anchor = 0, client = !strcmp(role, "client");
  STACK_OF(X509) *leaf = certificates(folder, name, "leaf", &unread_leaf);
  STACK_OF(X509) *sent = certificates(folder, name, "sent", &unread_sent);
  STACK_OF(X509) *anchors = certificates(folder, name, "anchors", &unread_anchor);
  X509_STORE *store = X509_STORE_new();
  X509_STORE_CTX *context = X509_STORE_CTX_new();
  for (int i = 0; i < sk_X509_num(anchors); i++) X509_STORE_add_cert(store, sk_X509_value(anchors, i));
  /* A TLS peer cannot go on with a message that it cannot read. */
  if (unread_leaf || unread_sent) {
    printf("%s R cannot be read\n", name);
  } else {
    unsigned long flags = X509_V_FLAG_TRUSTED_FIRST;
    if (strict) flags |= X509_V_FLAG_X509_STRICT | X509_V_FLAG_PARTIAL_CHAIN;
    if (crls) {
      FILE *file = open_part(folder, name, "lists");
      X509_CRL *list;
      while (file && (list = PEM_read_X509_CRL(file, NULL, NULL, NULL))) X509_STORE_add_crl(store, list);
      if (file) fclose(file);
      flags |= X509_V_FLAG_CRL_CHECK;
    }
    X509_STORE_CTX_init(context, store, sk_X509_value(leaf, 0), sent);
    X509_STORE_CTX_set_default(context, client ? "ssl_client" : "ssl_server");
    X509_VERIFY_PARAM *asked = X509_STORE_CTX_get0_param(context);
    X509_VERIFY_PARAM_set_flags(asked, flags);
    X509_VERIFY_PARAM_set_time(asked, moment);
    X509_VERIFY_PARAM_set_auth_level(asked, 2);
    if (!client) {
      unsigned char address[16];
      if (inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1) {
        X509_VERIFY_PARAM_set1_ip_asc(asked, host);
      } else {
        X509_VERIFY_PARAM_set1_host(asked, host, 0);
        X509_VERIFY_PARAM_set_hostflags(asked, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
      }
    }
    int good = X509_verify_cert(context) == 1, error = X509_STORE_CTX_get_error(context);
    printf("%s %c %d at %d: %s\n", name, good ? 'A' : 'R', error, X509_STORE_CTX_get_error_depth(context),
           X509_verify_cert_error_string(error));
  }
  X509_STORE_CTX_free(context);
  X509_STORE_free(store);
  sk_X509_pop_free(leaf, X509_free), sk_X509_pop_free(sent, X509_free), sk_X509_pop_free(anchors, X509_free);
}

int main(int count, char **arguments) {
  char line[4096], name[512], role[16], host[1024];
  long moment;
  int crls;
  if (count < 3) return 2;
  if (!strcmp(arguments[1], "version")) return puts(OpenSSL_version(OPENSSL_VERSION_STRING)), 0;
  while (fgets(line, sizeof line, stdin))
    if (sscanf(line, "%511s %15s %1023s %ld %d", name, role, host, &moment, &crls) == 5)
      judge(arguments[2], !strcmp(arguments[1], "strict"), name, role, host, moment, crls);
  return 0;
}
