// SPDX-License-Identifier: Apache-2.0
#include "uplink/gzip.hpp"

#include <libdeflate.h>

#include <memory>
#include <vector>

#include "base/assert.hpp"

namespace ostler::uplink {
namespace {

struct FreeCompressor {
  void operator()(libdeflate_compressor* compressor) const {
    libdeflate_free_compressor(compressor);
  }
};

}  // namespace

std::string gzip(std::string_view bytes) {
  constexpr int kFastest = 1;
  thread_local const std::unique_ptr<libdeflate_compressor, FreeCompressor> compressor(
      libdeflate_alloc_compressor(kFastest));
  OSTLER_ASSERT(compressor != nullptr);
  // Kept, for a fresh buffer would be filled with zeros each time, and handed on ten times too big.
  thread_local std::vector<char> scratch;
  const std::size_t bound = libdeflate_gzip_compress_bound(compressor.get(), bytes.size());
  if (scratch.size() < bound) scratch.resize(bound);
  const std::size_t size = libdeflate_gzip_compress(compressor.get(), bytes.data(), bytes.size(),
                                                    scratch.data(), scratch.size());
  return {scratch.data(), size};
}

}  // namespace ostler::uplink
