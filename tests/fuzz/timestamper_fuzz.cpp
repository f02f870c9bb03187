// SPDX-License-Identifier: Apache-2.0
// However output is cut into writes, the stamped bytes are the same, and without the codes they
// are the output.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "log/timestamper.hpp"

namespace {

class StoppedClock final : public ostler::Clock {
 public:
  ostler::Timestamp now() const override { return {7'000}; }
  std::chrono::nanoseconds since_boot() const override { return std::chrono::nanoseconds(0); }
};

constexpr std::string_view kCode = "\x1b_bk;t=7\a";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (input.find(kCode) != input.npos) return 0;
  const StoppedClock clock;
  std::string whole;
  ostler::log::Timestamper(clock).write(input, whole);

  std::string pieces;
  ostler::log::Timestamper stamper(clock);
  for (const char& byte : input) stamper.write({&byte, 1}, pieces);
  if (whole != pieces) std::abort();

  for (auto at = whole.find(kCode); at != whole.npos; at = whole.find(kCode, at)) {
    whole.erase(at, kCode.size());
  }
  if (whole != input) std::abort();
  return 0;
}
