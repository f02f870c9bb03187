// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "net/http_client.hpp"

namespace ostler::net {

/// How libcurl sends the body of one request, and by which method.
class CurlUpload {
 public:
  /// `easy` is a libcurl easy handle, which keeps pointers into this from set() until it is reset.
  explicit CurlUpload(void* easy) : easy_(easy) {}
  /// Requires: the handle was reset.
  ~CurlUpload();
  CurlUpload(const CurlUpload&) = delete;
  CurlUpload& operator=(const CurlUpload&) = delete;

  /// Requires: `request` outlives this. Errors: a file that cannot be opened.
  Result<void> set(const HttpRequest& request);
  /// Whether the body says of what type it is.
  bool names_type() const { return form_ != nullptr; }
  /// Why libcurl was told to give up, where it was.
  const Result<void>& failure() const { return failure_; }

 private:
  struct Callbacks;
  /// The bytes of a file that libcurl reads.
  struct Source {
    int file = -1;
    std::string name = {};
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    const OpenFileBody* unchanged = nullptr;  ///< none: it may change
  };
  void set_memory_body(const std::string& body);
  Result<void> set_file_body(const FileBody& body);
  void set_source(Source source);
  Result<std::size_t> read(char* into, std::size_t room);
  Result<void> set_form_body(const FormBody& body);
  /// Of a request whose options stand for `implied`.
  void set_method(const char* implied);

  void* easy_;
  const HttpRequest* request_ = nullptr;
  UniqueFd file_;  ///< of a body that names one
  Source source_;
  std::uint64_t position_ = 0;  ///< in the body
  void* form_ = nullptr;        ///< curl_mime
  Result<void> failure_ = success();
};

}  // namespace ostler::net
