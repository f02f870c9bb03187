// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "net/curl_upload.hpp"
#include "net/http_client.hpp"
#include "net/http_message.hpp"

namespace ostler::net {

/// Makes libcurl ready, once per process. Thread-safe.
void initialize_curl();

/// One request while it is with libcurl: its options, its body as it is sent, its answer as it
/// comes. `easy` is a libcurl easy handle, borrowed until the transfer is gone.
class HttpTransfer {
 public:
  /// Sets every option of the handle. Errors: as HttpClient::send, before anything is sent.
  static Result<std::unique_ptr<HttpTransfer>> prepare(void* easy, HttpRequest request,
                                                       const HttpClientOptions& options);
  ~HttpTransfer();
  HttpTransfer(const HttpTransfer&) = delete;
  HttpTransfer& operator=(const HttpTransfer&) = delete;

  void* easy() const { return easy_; }
  /// The answer or the failure, after libcurl ended the transfer with `code`. Call once.
  Result<HttpResponse> finish(int code);

 private:
  struct Callbacks;
  HttpTransfer(void* easy, HttpRequest request);
  void set_options(const HttpClientOptions& options);
  void set_proxy();
  void set_limits();
  void set_callbacks();
  void set_headers();
  bool take_body(std::string_view piece);
  bool take_header(std::string_view line);
  int status() const;
  bool is_success() const;
  bool end_head();
  bool is_for_sink() const;
  bool has_fallen_silent(std::int64_t moved);
  bool pass_on(std::string_view piece);

  void* easy_;
  HttpRequest request_;
  HttpResponse response_;
  CurlUpload upload_;
  UniqueFd download_;
  Result<void> own_failure_ = success();
  std::string forbidden_networks_;
  std::string forbidden_address_;  ///< the last of these that was to be connected to
  bool has_tried_permitted_address_ = false;
  bool ended_with_head_ = false;
  std::int64_t moved_ = 0;  ///< bytes of bodies, either way
  std::chrono::steady_clock::time_point last_byte_at_ = std::chrono::steady_clock::now();
  void* header_list_ = nullptr;  ///< curl_slist
  std::array<char, 256> curl_message_{};
};

}  // namespace ostler::net
