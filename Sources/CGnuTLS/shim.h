#pragma once
#include <gnutls/x509.h>
#include <gnutls/gnutls.h>
