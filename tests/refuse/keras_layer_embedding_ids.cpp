// SPDX-License-Identifier: Apache-2.0
// error: Embedding takes int32 or int64
#include <tfx/keras/input.hpp>
#include <tfx/keras/layers/embedding.hpp>
#include <tfx/tfx.hpp>

namespace tf = tfx;
namespace keras = tfx::keras;
namespace layers = tfx::keras::layers;

int main() {
#ifdef REFUSED
  auto ids = keras::Input(tf::shape<3>);
#else
  auto ids = keras::Input<"ids", std::int32_t>(tf::shape<3>);
#endif
  auto y = layers::Embedding<5, 2>()(ids);
  return decltype(y)::shape_type::rank == 3 ? 0 : 1;
}
