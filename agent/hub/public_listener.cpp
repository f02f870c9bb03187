// SPDX-License-Identifier: Apache-2.0
#include "hub/public_listener.hpp"

#include <memory>
#include <utility>

#include "diag/log.hpp"
#include "net/tls_identity.hpp"

namespace ostler::hub {

namespace asio = boost::asio;

namespace {

std::string url_of(const HubOptions& options, std::uint16_t port) {
  const std::string& host = options.host;
  const std::string scheme = options.tls_certificate.empty() ? "http://" : "https://";
  const bool is_ipv6 = host.find(':') != host.npos;
  return scheme + (is_ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::string without_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

/// How the public listener's bytes travel: as they are, or by TLS with files that may be renewed.
Result<net::StreamOpener> stream_opener(const HubOptions& options) {
  if (options.tls_certificate.empty()) return net::StreamOpener();
  const bool is_any = options.host == "0.0.0.0" || options.host == "::";
  if (is_any && options.public_url.empty()) {
    return Error(Errc::UserFault,
                 "--tls-cert on every address needs --public-url https://NAME:PORT with the name "
                 "that the certificate is for");
  }
  OSTLER_TRY(auto loaded, net::TlsIdentity::load({options.tls_certificate, options.tls_key}));
  const auto identity = std::make_shared<net::TlsIdentity>(std::move(loaded));
  return net::StreamOpener([identity](UniqueFd socket, const asio::any_io_executor& strand) {
    if (const auto fresh = identity->refresh(); !fresh) {
      diag::error("goes on with the TLS certificate that it has",
                  {{"error", fresh.error().message()}});
    }
    return identity->open_stream(std::move(socket), strand);
  });
}

}  // namespace

Result<net::Listener> open_public_listener(const HubOptions& options) {
  auto listener = net::listen_on_tcp(options.host, options.port);
  if (!listener && listener.error().code() == Errc::Conflict) {
    return Error(Errc::Conflict, "port " + std::to_string(options.port) + " on " + options.host +
                                     " is in use; stop the program that has it, or give another "
                                     "one with --listen");
  }
  OSTLER_TRY(auto opened, std::move(listener));
  OSTLER_TRY(opened.open_stream, stream_opener(options));
  return opened;
}

std::string public_url(const HubOptions& options, std::uint16_t port) {
  return options.public_url.empty() ? url_of(options, port) : without_slash(options.public_url);
}

}  // namespace ostler::hub
