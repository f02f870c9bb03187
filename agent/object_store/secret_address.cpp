// SPDX-License-Identifier: Apache-2.0
#include "object_store/secret_address.hpp"

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <string_view>

namespace ostler::object_store {
namespace {

bool is_this_machine(const boost::urls::url_view& url) {
  switch (url.host_type()) {
    case boost::urls::host_type::ipv4: return url.host_ipv4_address().is_loopback();
    case boost::urls::host_type::ipv6: return url.host_ipv6_address().is_loopback();
    default: return url.host() == "localhost";
  }
}

/// Boost 1.81 reads "127.0.0.1.evil.example/" as the host 127.0.0.1 and the path ".evil.example/".
bool ends_with_its_host(const boost::urls::url_view& url) {
  const std::string_view path = url.encoded_path();
  return path.empty() || path.front() == '/';
}

}  // namespace

bool may_be_told_secrets(const std::string& url, std::span<const std::string_view> others) {
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed || parsed->has_userinfo() || parsed->host().empty()) return false;
  if (!ends_with_its_host(*parsed)) return false;
  if (parsed->scheme_id() == boost::urls::scheme::https) return true;
  if (parsed->scheme_id() != boost::urls::scheme::http) return false;
  return is_this_machine(*parsed) || std::ranges::find(others, parsed->host()) != others.end();
}

}  // namespace ostler::object_store
