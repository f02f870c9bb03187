// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace ostler::net {

/// A libcurl multi handle driven by an Asio executor: watches its sockets and its timer, and
/// reports ended transfers. Every member but the constructor runs on `strand()`.
class CurlMulti {
 public:
  /// Called on the strand with the number given to `add` and the CURLcode, the transfer removed.
  using Ended = std::function<void(std::uint64_t number, int code)>;

  CurlMulti(const boost::asio::any_io_executor& executor, Ended ended);
  /// Requires: no transfer added, and nothing running on the strand.
  ~CurlMulti();
  CurlMulti(const CurlMulti&) = delete;
  CurlMulti& operator=(const CurlMulti&) = delete;

  const boost::asio::any_io_executor& strand() const;

  /// An easy handle without options, new or used before.
  void* take_handle();
  /// Gives back a handle that is not added.
  void return_handle(void* easy);
  /// Starts the transfer of a handle whose options are set.
  void add(void* easy, std::uint64_t number);
  /// Takes a transfer out before its end; its connection is closed.
  void remove(void* easy);

 private:
  class Driver;
  std::shared_ptr<Driver> driver_;
  std::vector<void*> handles_;  ///< idle, at most kIdleHandles
};

}  // namespace ostler::net
