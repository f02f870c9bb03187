// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <utility>

#include "store/sqlite/call.hpp"

namespace ostler::store::sqlite {

/// What waits for the one connection that writes, and for those that read. Thread-safe.
struct CallQueues {
  TaskQueue writes;
  TaskQueue reads;

  /// `calls` and `bytes`: how many each takes.
  CallQueues(std::size_t calls, std::size_t bytes) : writes(calls, bytes), reads(calls, bytes) {}

  template <class Command, class T>
  boost::asio::awaitable<Result<T>> write(Command command,
                                          Result<T> (*run)(Connection&, const Command&)) {
    return await_call<T>(writes, [command = std::move(command), run](Connection& database) {
      return run(database, command);
    });
  }
  template <class T>
  boost::asio::awaitable<Result<T>> read(Work<T> work) {
    return await_call<T>(reads, std::move(work));
  }
  template <class A, class P, class T>
  boost::asio::awaitable<Result<T>> read(A a, Result<T> (*run)(Connection&, P)) {
    return read<T>([a = std::move(a), run](Connection& database) { return run(database, a); });
  }
  template <class A, class B, class P, class Q, class T>
  boost::asio::awaitable<Result<T>> read(A a, B b, Result<T> (*run)(Connection&, P, Q)) {
    return read<T>([a = std::move(a), b = std::move(b), run](Connection& database) {
      return run(database, a, b);
    });
  }
};

}  // namespace ostler::store::sqlite
