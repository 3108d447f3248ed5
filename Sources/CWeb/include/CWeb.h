// What Swift cannot call of libmicrohttpd and libcurl: functions with a variable number of arguments.
#pragma once
#include "CWebServer.h"
#include "client.h"
#include "mail.h"
