// SPDX-License-Identifier: Apache-2.0
#include "net/curl_upload.hpp"

#include <curl/curl.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

namespace ostler::net {

/// What libcurl calls while it works; each gets the upload as its last argument.
struct CurlUpload::Callbacks {
  static std::size_t on_upload(char* into, std::size_t unit, std::size_t units, void* opaque) {
    auto& self = *static_cast<CurlUpload*>(opaque);
    const auto got = self.read(into, unit * units);
    if (got) return got.value();
    self.failure_ = got.error();
    return CURL_READFUNC_ABORT;
  }

  static int on_seek(void* opaque, curl_off_t offset, int origin) {
    if (origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
    static_cast<CurlUpload*>(opaque)->position_ = static_cast<std::uint64_t>(offset);
    return CURL_SEEKFUNC_OK;
  }
};

CurlUpload::~CurlUpload() { curl_mime_free(static_cast<curl_mime*>(form_)); }

void CurlUpload::set_method(const char* implied) {
  if (request_->method == implied) return;
  curl_easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, request_->method.c_str());
}

Result<void> CurlUpload::set(const HttpRequest& request) {
  request_ = &request;
  if (const auto* file = std::get_if<FileBody>(&request.body)) return set_file_body(*file);
  if (const auto* file = std::get_if<OpenFileBody>(&request.body)) {
    set_source({file->file->get(), file->name, 0, file->size, file});
    return success();
  }
  if (const auto* form = std::get_if<FormBody>(&request.body)) return set_form_body(*form);
  set_memory_body(std::get<std::string>(request.body));
  return success();
}

void CurlUpload::set_memory_body(const std::string& body) {
  if (request_->method == "HEAD") {
    curl_easy_setopt(easy_, CURLOPT_NOBODY, 1L);
  } else if (body.empty() && request_->method != "POST" && request_->method != "PUT") {
    set_method("GET");
  } else {
    curl_easy_setopt(easy_, CURLOPT_POST, 1L);
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, body.data());
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    set_method("POST");
  }
}

Result<void> CurlUpload::set_file_body(const FileBody& body) {
  file_.reset(::open(body.path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file_) return Error::from_errno(errno, "open " + body.path.string());
  set_source({file_.get(), body.path.string(), body.offset, body.size});
  return success();
}

void CurlUpload::set_source(Source source) {
  source_ = std::move(source);
  curl_easy_setopt(easy_, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(easy_, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(source_.size));
  curl_easy_setopt(easy_, CURLOPT_READFUNCTION, &Callbacks::on_upload);
  curl_easy_setopt(easy_, CURLOPT_READDATA, this);
  curl_easy_setopt(easy_, CURLOPT_SEEKFUNCTION, &Callbacks::on_seek);
  curl_easy_setopt(easy_, CURLOPT_SEEKDATA, this);
  set_method("PUT");
}

/// What is read is looked at before it is sent: of a file that has changed some bytes stay here, so
/// that no server takes it for whole.
Result<std::size_t> CurlUpload::read(char* into, std::size_t room) {
  const std::size_t want = std::min<std::uint64_t>(room, source_.size - position_);
  if (want == 0) return 0;
  const auto at = static_cast<off_t>(source_.offset + position_);
  const ssize_t got = ::pread(source_.file, into, want, at);
  if (got < 0) return Error::from_errno(errno, "read " + source_.name);
  if (source_.unchanged != nullptr && !is_unchanged(*source_.unchanged)) {
    return Error(Errc::Conflict, source_.name + " was changed while it was sent");
  }
  if (got == 0) return Error(Errc::Conflict, source_.name + " became shorter while it was sent");
  position_ += static_cast<std::uint64_t>(got);
  return static_cast<std::size_t>(got);
}

Result<void> CurlUpload::set_form_body(const FormBody& body) {
  curl_mime* form = curl_mime_init(easy_);
  form_ = form;
  for (const auto& [name, value] : body.fields) {
    curl_mimepart* part = curl_mime_addpart(form);
    curl_mime_name(part, name.c_str());
    curl_mime_data(part, value.data(), value.size());
  }
  curl_mimepart* part = curl_mime_addpart(form);
  curl_mime_name(part, body.file_field.c_str());
  if (curl_mime_filedata(part, body.file.c_str()) != CURLE_OK) {
    return Error(Errc::NotFound, "cannot open " + body.file.string());
  }
  curl_mime_filename(part, body.file_name.c_str());
  curl_mime_type(part, body.content_type.c_str());
  curl_easy_setopt(easy_, CURLOPT_MIMEPOST, form);
  set_method("POST");
  return success();
}

}  // namespace ostler::net
