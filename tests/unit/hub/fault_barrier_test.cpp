// SPDX-License-Identifier: Apache-2.0
#include "hub/fault_barrier.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <new>
#include <stdexcept>

namespace ostler::hub {
namespace {

namespace asio = boost::asio;

class Thrower final : public net::RequestHandler {
 public:
  asio::awaitable<net::ServerResponse> handle(net::ServerRequest& request) override {
    if (request.target == "/well") co_return net::json_response(200, "{}");
    if (request.target == "/hungry") throw std::bad_alloc();
    throw std::runtime_error("out of range");
  }
};

net::ServerResponse answer_to(const std::string& target) {
  Thrower thrower;
  FaultBarrier barrier(thrower);
  net::ServerRequest request;
  request.target = target;
  asio::io_context io;
  auto answer = asio::co_spawn(io, barrier.handle(request), asio::use_future);
  io.run();
  return answer.get();
}

TEST(FaultBarrier, MakesOneAnswerOfAnException) {
  EXPECT_EQ(answer_to("/well").status, 200);
  const auto answer = answer_to("/ill");
  EXPECT_EQ(answer.status, 500);
  EXPECT_TRUE(answer.close);
  EXPECT_THAT(std::get<std::string>(answer.body), testing::HasSubstr("out of range"));
}

TEST(FaultBarrier, LetsAWantOfMemoryThrough) { EXPECT_THROW(answer_to("/hungry"), std::bad_alloc); }

}  // namespace
}  // namespace ostler::hub
