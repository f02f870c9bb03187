// SPDX-License-Identifier: Apache-2.0
// Asio's TLS part, compiled once; apart so that the lean program links no libssl.
#include <boost/asio/ssl/impl/src.hpp>
