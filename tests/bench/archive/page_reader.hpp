// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "net/http_client.hpp"
#include "support/hub_process.hpp"

namespace ostler::bench {

struct Page {
  std::string name;
  std::string path;  ///< after /v2/organizations/ostler
};

/// Reads pages of a hub on one connection. Ends the program when one is not answered with 200.
class PageReader {
 public:
  explicit PageReader(const support::HubProcess& hub);

  /// Prints a row: the page and its size, median, 99th of a hundred.
  void measure(const Page& page);

 private:
  /// Milliseconds.
  double read(const Page& page);

  std::string url_;
  std::string token_;
  net::BlockingHttpClient client_;
  std::size_t size_ = 0;
};

}  // namespace ostler::bench
