// SPDX-License-Identifier: Apache-2.0
#include "net/http_transfer.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fcntl.h>
#include <sys/socket.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>
#include <utility>

#include "base/assert.hpp"
#include "files/file.hpp"
#include "model/ip_networks.hpp"
#include "net/curl_error.hpp"

namespace ostler::net {

static_assert(CURL_ERROR_SIZE == 256);

void initialize_curl() {
  static std::once_flag once;
  std::call_once(once, [] { OSTLER_ASSERT(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK); });
}

namespace {

const char* environment_or(const char* name, const char* other_name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : std::getenv(other_name);
}

/// Calls to this machine, and to where a cloud gives it credentials, need no proxy, and must not
/// show it a token.
std::string hosts_without_proxy() {
  const char* given = environment_or("no_proxy", "NO_PROXY");
  const std::string hosts = given == nullptr ? "" : given;
  return hosts == "*" ? hosts : hosts + ",localhost,127.0.0.0/8,::1,169.254.0.0/16";
}

std::string address_text(const sockaddr& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    ::inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
  } else if (address.sa_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof v6);
    ::inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
  }
  return text.data();
}

}  // namespace

/// What libcurl calls while it works; each gets the transfer as its last argument.
struct HttpTransfer::Callbacks {
  static std::size_t on_body(char* bytes, std::size_t, std::size_t size, void* self) {
    return static_cast<HttpTransfer*>(self)->take_body({bytes, size}) ? size : 0;
  }

  static std::size_t on_header(char* bytes, std::size_t, std::size_t size, void* self) {
    return static_cast<HttpTransfer*>(self)->take_header({bytes, size}) ? size : 0;
  }

  /// Sees the address that is about to be connected to, after names have been resolved.
  static curl_socket_t on_socket(void* opaque, curlsocktype, curl_sockaddr* address) {
    auto& self = *static_cast<HttpTransfer*>(opaque);
    const std::string text = address_text(address->addr);
    if (model::is_in_networks(self.forbidden_networks_, text)) {
      self.forbidden_address_ = text;
      return CURL_SOCKET_BAD;
    }
    self.has_tried_permitted_address_ = true;
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  }

  static int on_progress(void* opaque, curl_off_t, curl_off_t received, curl_off_t,
                         curl_off_t sent) {
    auto& self = *static_cast<HttpTransfer*>(opaque);
    if (self.request_.is_abandoned && self.request_.is_abandoned()) {
      self.own_failure_ = Error(Errc::Cancelled, "the request was abandoned");
      return 1;
    }
    return self.has_fallen_silent(received + sent) ? 1 : 0;
  }
};

HttpTransfer::HttpTransfer(void* easy, HttpRequest request)
    : easy_(easy), request_(std::move(request)), upload_(easy) {}

HttpTransfer::~HttpTransfer() {
  curl_easy_reset(easy_);  // the handle must not keep pointers into this object
  curl_slist_free_all(static_cast<curl_slist*>(header_list_));
}

Result<std::unique_ptr<HttpTransfer>> HttpTransfer::prepare(void* easy, HttpRequest request,
                                                            const HttpClientOptions& options) {
  if (!request.url.starts_with("http://") && !request.url.starts_with("https://")) {
    return Error(Errc::UserFault, request.url + " is no http:// or https:// URL");
  }
  std::unique_ptr<HttpTransfer> transfer(new HttpTransfer(easy, std::move(request)));
  const auto& target = transfer->request_.download_to;
  if (!target.empty()) {
    transfer->download_.reset(
        ::open(target.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!transfer->download_) return Error::from_errno(errno, "create " + target.string());
  }
  transfer->set_options(options);
  transfer->set_proxy();
  transfer->set_limits();
  transfer->set_callbacks();
  OSTLER_TRY(transfer->upload_.set(transfer->request_));
  transfer->set_headers();
  return transfer;
}

void HttpTransfer::set_options(const HttpClientOptions& options) {
  curl_easy_setopt(easy_, CURLOPT_URL, request_.url.c_str());
  curl_easy_setopt(easy_, CURLOPT_USERAGENT, options.user_agent.c_str());
  curl_easy_setopt(easy_, CURLOPT_HTTP_VERSION,
                   options.http2 ? long{CURL_HTTP_VERSION_2TLS} : long{CURL_HTTP_VERSION_1_1});
  curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy_, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy_, CURLOPT_FOLLOWLOCATION, request_.follow_redirects ? 1L : 0L);
  curl_easy_setopt(easy_, CURLOPT_MAXREDIRS, 10L);
  forbidden_networks_ = options.forbidden_networks;
  if (forbidden_networks_.find_first_not_of(' ') != std::string::npos) {
    curl_easy_setopt(easy_, CURLOPT_OPENSOCKETFUNCTION, &Callbacks::on_socket);
    curl_easy_setopt(easy_, CURLOPT_OPENSOCKETDATA, this);
  }
  // The answer of a proxy to CONNECT is not the answer.
  curl_easy_setopt(easy_, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  if (!request_.body_sink) curl_easy_setopt(easy_, CURLOPT_ACCEPT_ENCODING, "gzip");
  // As other programs do, OpenSSL's own among them; libcurl looks at neither by itself.
  if (const char* file = std::getenv("SSL_CERT_FILE")) {
    curl_easy_setopt(easy_, CURLOPT_CAINFO, file);
  }
  if (const char* folder = std::getenv("SSL_CERT_DIR")) {
    curl_easy_setopt(easy_, CURLOPT_CAPATH, folder);
  }
  if (!request_.unix_socket.empty()) {
    curl_easy_setopt(easy_, CURLOPT_UNIX_SOCKET_PATH, request_.unix_socket.c_str());
  }
}

/// Beyond what libcurl finds in the environment by itself: HTTP_PROXY also in capitals, unless
/// this is a CGI program, where a client sets that. As Go's programs do.
void HttpTransfer::set_proxy() {
  curl_easy_setopt(easy_, CURLOPT_NOPROXY, hosts_without_proxy().c_str());
  const bool is_plain = request_.url.starts_with("http://");
  if (!is_plain || std::getenv("http_proxy") != nullptr) return;
  const char* proxy = std::getenv("HTTP_PROXY");
  if (proxy == nullptr || std::getenv("REQUEST_METHOD") != nullptr) return;
  curl_easy_setopt(easy_, CURLOPT_PROXY, proxy);
}

void HttpTransfer::set_limits() {
  curl_easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS, long{request_.connect_timeout.count()});
  curl_easy_setopt(easy_, CURLOPT_TIMEOUT_MS, long{request_.total_timeout.count()});
  if (request_.idle_timeout.count() == 0 && !request_.is_abandoned) return;
  // A speed to look at, and no time after which to end: libcurl asks on_progress once a second,
  // whether bytes come or not, and ends nothing by itself. Its limit is of an average speed, and
  // three bytes every fifteen seconds are below it.
  curl_easy_setopt(easy_, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(easy_, CURLOPT_LOW_SPEED_TIME, 0L);
  curl_easy_setopt(easy_, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(easy_, CURLOPT_XFERINFOFUNCTION, &Callbacks::on_progress);
  curl_easy_setopt(easy_, CURLOPT_XFERINFODATA, this);
}

void HttpTransfer::set_callbacks() {
  curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, curl_message_.data());
  curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &Callbacks::on_body);
  curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, &Callbacks::on_header);
  curl_easy_setopt(easy_, CURLOPT_HEADERDATA, this);
}

void HttpTransfer::set_headers() {
  curl_slist* list = nullptr;
  bool has_type = false;
  for (const auto& [name, value] : request_.headers) {
    const std::string line = value.empty() ? name + ";" : name + ": " + value;
    list = curl_slist_append(list, line.c_str());
    has_type = has_type || curl_strequal(name.c_str(), "Content-Type") != 0;
  }
  // libcurl would name a form type for bodies that are none, and wait for "100 Continue".
  if (!has_type && !upload_.names_type()) list = curl_slist_append(list, "Content-Type:");
  list = curl_slist_append(list, "Expect:");
  header_list_ = list;
  curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, list);
}

int HttpTransfer::status() const {
  long status = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  return static_cast<int>(status);
}

bool HttpTransfer::is_success() const { return status() >= 200 && status() < 300; }

bool HttpTransfer::is_for_sink() const {
  if (!request_.body_sink) return false;
  return is_success() || (request_.sink_takes_failures && status() >= 400);
}

/// `moved` bytes of bodies have come and gone; until there is a connection another limit holds.
bool HttpTransfer::has_fallen_silent(std::int64_t moved) {
  if (request_.idle_timeout.count() == 0) return false;
  const auto now = std::chrono::steady_clock::now();
  curl_off_t connected_after = 0;
  curl_easy_getinfo(easy_, CURLINFO_PRETRANSFER_TIME_T, &connected_after);
  if (connected_after == 0 || std::exchange(moved_, moved) != moved) last_byte_at_ = now;
  if (now - last_byte_at_ < request_.idle_timeout) return false;
  own_failure_ = Error(Errc::Timeout, request_.method + " " + request_.url + ": no byte came for " +
                                          std::to_string(request_.idle_timeout.count()) + " s")
                     .with_retryable(true);
  return true;
}

bool HttpTransfer::pass_on(std::string_view piece) {
  response_.status = status();
  own_failure_ = request_.body_sink(response_, piece);
  return own_failure_.has_value();
}

bool HttpTransfer::take_body(std::string_view piece) {
  if (is_for_sink()) return pass_on(piece);
  if (download_ && is_success()) {
    own_failure_ = files::write_all(download_.get(), piece);
    return own_failure_.has_value();
  }
  if (response_.body.size() + piece.size() > request_.response_limit) {
    own_failure_ = Error(Errc::Protocol, request_.method + " " + request_.url +
                                             ": the answer is larger than " +
                                             std::to_string(request_.response_limit) + " bytes");
    return false;
  }
  response_.body.append(piece);
  return true;
}

/// Whether the answer goes on behind its head. A 1xx is followed by another one.
bool HttpTransfer::end_head() {
  if (is_for_sink()) return pass_on({});
  ended_with_head_ = request_.response_limit == 0 && status() >= 200;
  return !ended_with_head_;
}

bool HttpTransfer::take_header(std::string_view line) {
  last_byte_at_ = std::chrono::steady_clock::now();
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  if (line.empty()) return end_head();
  if (line.starts_with("HTTP/")) response_.headers.clear();  // of a redirect or a 1xx
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return true;
  std::string_view value = line.substr(colon + 1);
  while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
  response_.headers.emplace_back(line.substr(0, colon), value);
  return true;
}

Result<HttpResponse> HttpTransfer::finish(int code) {
  if (!own_failure_) return std::move(own_failure_).error();
  if (!upload_.failure()) return upload_.failure().error();
  if (code != CURLE_OK && !ended_with_head_) {
    const std::string where = request_.method + " " + request_.url;
    const bool is_forbidden = !forbidden_address_.empty() && !has_tried_permitted_address_;
    if (is_forbidden && code == CURLE_COULDNT_CONNECT) {
      return Error(Errc::Denied, "connections to " + forbidden_address_ + " are forbidden")
          .with_context(where);
    }
    return curl_error(code, curl_message_.data()).with_context(where);
  }
  response_.status = status();
  return std::move(response_);
}

}  // namespace ostler::net
