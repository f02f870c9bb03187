// SPDX-License-Identifier: Apache-2.0
#include "hub/fault_barrier.hpp"

#include <exception>
#include <new>
#include <string>

#include "hub/error_response.hpp"

namespace ostler::hub {

boost::asio::awaitable<net::ServerResponse> FaultBarrier::handle(net::ServerRequest& request) {
  std::string fault;
  try {
    co_return co_await inner_.handle(request);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& exception) {
    fault = exception.what();
  }
  auto answer = error_response(request, Error(Errc::Internal, "a fault of the hub: " + fault));
  answer.close = true;
  co_return answer;
}

}  // namespace ostler::hub
