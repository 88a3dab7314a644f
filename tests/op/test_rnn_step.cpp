// SPDX-License-Identifier: Apache-2.0
// covers: lstm_step gru_step
// The steps as Keras' layers have them: another order of gates, hard sigmoids, kernels of inputs and of states apart.
// Values and derivatives of the first cases are those of @tensorflow/tfjs-layers 4.22.0.
#include <support/rnn.hpp>

namespace tf = tfx;
using op_test::near, op_test::same, op_test::spread, op_test::tensor;
using rnn_test::numbers;

namespace {
struct hard_sigmoid {
  constexpr auto operator()(auto x) const { return tf::clip_by_value(0.2 * x + 0.5, 0.0, 1.0); }
};
/// Slice, c, h, recurrent kernel.
struct keras_lstm {
  static constexpr int kept = 0;
  constexpr auto operator()(tf::handle projected, tf::handle c, tf::handle h, tf::handle recurrent) const {
    auto const next =
        tf::lstm_step<tf::keras_lstm_order, tf::tanh_activation, hard_sigmoid>(projected + tf::matmul(h, recurrent), c);
    return std::tuple{next.h, next.c, next.h};
  }
};
/// Slice of gates and candidate in one, h, recurrent kernel; with a bias of its own the reset comes after.
template <tf::gru_reset Reset>
struct keras_gru {
  static constexpr int kept = 0;
  constexpr auto operator()(tf::handle projected, tf::handle h, tf::handle recurrent, auto... bias) const {
    tf::i64 const units = recurrent.shape()[0];
    auto const columns = [](tf::handle x, tf::i64 first, tf::i64 count) {
      return tf::slice(x, tf::dims{2, {0, first}}, tf::dims{2, {x.shape()[0], count}});
    };
    tf::handle gates = columns(projected, 0, 2 * units) + tf::matmul(h, columns(recurrent, 0, 2 * units));
    tf::handle const candidate = columns(projected, 2 * units, units);
    tf::handle const next = tf::gru_step<tf::keras_gru_order, Reset, tf::tanh_activation, hard_sigmoid>(
        gates, candidate, h, columns(recurrent, 2 * units, units), bias...);
    return std::tuple{next, next};
  }
};
struct project {
  constexpr auto operator()(tf::handle x, tf::handle kernel, tf::handle bias) const {
    return tf::detail::project(x, kernel, bias);
  }
};
/// What a layer does: the inputs of all steps by one product, then the loop.
template <class Step, class X, class Kernel, class Bias, class States, class... W>
auto layer(X const& x, Kernel const& kernel, Bias const& bias, States const& states, W const&... weights) {
  auto const turned = tf::transpose(x, tf::axes<1, 0, 2>);
  auto const projected = tf::composition<project>(turned, kernel, bias);
  tf::detail::step_of_weights<Step, W...> const step{{weights...}};
  auto const made = tf::detail::time_loop<false>{}.run(step, states, std::tuple{projected});
  return std::get<0>(std::get<1>(made));
}

numbers const lstm_x{0.300999999,  0.077,       0.321999997,  0.507000029, 0.610000014,  0.686999977,
                     -0.513999999, 0.237000003, -0.690999985, -0.625,      -0.342999995, 0.546999991,
                     -0.055,       0.870000005, -0.762000024, -0.126000002};
numbers const lstm_kernel{-0.591000021, 0.430000007,  0.435000002,  0.162,       -0.654999971, 0.134000003,
                          0.95599997,   0.870000005,  0.379000008,  0.148000002, -0.787,       0.395999998,
                          0.953000009,  -0.810000002, 0.949000001,  0.158999994, 0.165999994,  0.099,
                          -0.889999986, -0.688000023, -0.268999994, 0.995999992, 0.626999974,  -0.368000001};
numbers const lstm_recurrent_kernel{-0.86500001,  0.60799998,   0.991999984,  -0.024,       0.118000001,  -0.441000015,
                                    0.703999996,  -0.105999999, -0.787999988, -0.736999989, 0.465999991,  -0.995999992,
                                    -0.453000009, -0.730000019, -0.529999971, -0.591000021, 0.458999991,  -0.952000022,
                                    -0.407000005, 0.737999976,  0.043000002,  -0.421999991, -0.141000003, 0.991999984,
                                    -0.885999978, 0.972000003,  0.159999996,  0.739000022,  0.620999992,  0.657999992,
                                    0.257999986,  0.933000028,  0.050000001,  0.43599999,   0.947000027,  0.632000029};
numbers const lstm_bias{0.616999984, -0.670000017, 0.196999997,  0.206,       -0.097000003, -0.460999995,
                        -0.99000001, 0.028999999,  -0.674000025, 0.101000004, 0.263000011,  -0.246000007};
numbers const lstm_y{-0.558105707, -0.061252736, -0.159679249, -0.515484393, -0.12258137, -0.166521445},
    lstm_dy{-0.229000002, -0.444999993, 0.67900002, -0.839999974, 0.008, -0.411000013},
    lstm_dx{-0.026501564, 0.027725572, -0.016896563, 0.023538191, -0.013013802, 0.016766168, -0.011092098, 0.012399566,
            -0.015663769, 0.013946379, -0.01021734,  0.010592772, -0.01638777,  0.047936052, 0.015986564,  0.191606924};
numbers const lstm_d_kernel{-0.011353676, -0.017384157, -0.004557856, -0.018241731, -0.000895341, -0.010894329,
                            -0.003102293, -0.005778365, 0.040002078,  -0.128577337, -0.005415494, 0.003962246,
                            0.017671738,  0.016771812,  -0.01011043,  0.01493952,   0.000783986,  -0.011669459,
                            -0.009413754, -0.039475873, 0.068543322,  0.020028185,  0.005406035,  -0.020969696};
numbers const lstm_d_recurrent_kernel{
    -0.023271423, -0.022509385, 0.007428892,  -0.028254613, -0.000449147, 0.002900767,  0.008627409,  0.038959473,
    -0.051018674, -0.145837054, -0.00707753,  0.011407772,  -0.002476744, -0.000764843, -0.002099227, -0.003406461,
    -0.000221812, -0.002525977, 0.000371593,  -0.00044329,  0.00820762,   -0.017290207, -0.000326715, -0.001569574,
    -0.008553952, -0.007504373, 0.002569315,  -0.009692819, -9.1952e-05,  0.001326192,  0.003631297,  0.01554807,
    -0.019510437, -0.047041848, -0.002298973, 0.003350782};
numbers const lstm_d_bias{0.055466004,  0.04377649,   -0.016254323, 0.051222384, 0.000488765, -0.010479476,
                          -0.037819266, -0.118898973, 0.117817573,  0.2359685,   0.013327368, -0.022280447};

numbers const gru_x{-0.266000003, 0.118000001,  -0.670000017, -0.039000001, 0.620999992,  -0.648000002,
                    -0.680999994, 0.898999989,  0.108000003,  -0.792999983, -0.437999994, -0.56099999,
                    -0.254000008, -0.700999975, -0.231999993, -0.89200002};
numbers const gru_kernel{0.871999979,  0.210999995,  -0.99000001, -0.579999983, -0.649999976, -0.379999995,
                         -0.023,       0.196999997,  0.757000029, -0.294,       -0.028000001, -0.061999999,
                         -0.906000018, -0.331999987, 0.653999984, -0.208000004, -0.925999999, 0.381000012};
numbers const gru_recurrent_kernel{0.925000012,  -0.158000007, -0.472000003, -0.66900003,  -0.206,       0.064999998,
                                   0.442000002,  -0.611999989, 0.927999973,  0.317999989,  0.312999994,  -0.209999993,
                                   0.503000021,  -0.239999995, 0.736999989,  0.453999996,  0.750999987,  0.582000017,
                                   0.68599999,   0.316000015,  -0.469999999, -0.170000002, -0.122000001, -0.099,
                                   -0.499000013, -0.930999994, 0.230000004};
numbers const gru_bias{-0.352999985, -0.486999989, 0.48300001,   0.649999976, 0.890999973,
                       -0.216999993, -0.802999973, -0.731999993, -0.275000006};
numbers const gru_y{-0.809980094, -0.628759503, -0.489567995, -0.624150395, 0.396794617, -0.571231484},
    gru_dy{0.140000001, 0.206, 0.162, 0.223000005, -0.652999997, 0.878000021},
    gru_dx{0.005134004,  -0.011095542, 0.002478931,  -0.029665263, 0.024083724,  -0.056660887,
           0.009528623,  -0.035669424, 0.077875592,  0.098810814,  -0.031412751, 0.133010745,
           -0.042891294, 0.211019248,  -0.040193755, 0.257847726};
numbers const gru_d_kernel{-0.006585026, -0.050328635, -0.067149691, 0.020242481,  -0.001673533, 0.007605829,
                           -0.117756255, 0.168335065,  -0.032516368, -0.036366716, -0.029348845, -0.178107679,
                           0.049366985,  0.005962782,  0.029551011,  -0.257065892, 0.519043267,  -0.247810125};
numbers const gru_d_recurrent_kernel{-0.01011984,  -0.056786764, -0.116683386, 0.03422514,  0.010244073,  0.012923275,
                                     -0.156815574, 0.223329633,  -0.090751328, 8.6917e-05,  0.008408312,  -0.002679002,
                                     -0.005760561, 0.005965662,  -0.005722321, 0.00219472,  -0.071123593, -0.008096548,
                                     -0.006777204, -0.041595358, -0.078591719, 0.025429385, 0.004984171,  0.010912783,
                                     -0.053256765, 0.072258048,  -0.026711933};
numbers const gru_d_bias{0.050623279,  0.098890901, 0.27778694,   -0.064642273, -0.015360558,
                         -0.025764035, 0.441761613, -0.549423397, 0.364243567};

auto const x = tf::placeholder<"x", float>(tf::shape<2, tf::dim<"time">, 2>);
auto const dy = tf::placeholder<"dy", float>(tf::shape<2, 3>);
auto const none = tf::zeros(tf::shape<2, 3>);

/// `last` is the state to compare; of an LSTM h.
template <int Columns, class Build>
void check(Build const& build, numbers const& at, numbers const& k, numbers const& r, numbers const& b,
           numbers const& y, numbers const& weight, std::vector<numbers> const& slopes) {
  auto const kernel = tf::placeholder<"kernel", float>(tf::shape<2, Columns>);
  auto const recurrent = tf::placeholder<"recurrent", float>(tf::shape<3, Columns>);
  auto const bias = tf::placeholder<"bias", float>(tf::shape<Columns>);
  auto const last = build(kernel, recurrent, bias);
  auto const [dx, dk, dr, db] = tf::gradients(last * dy, x, kernel, recurrent, bias);
  tf::Session sess;
  auto const [value, vx, vk, vr, vb] =
      sess.run(tf::fetch(last, dx, dk, dr, db), x = tensor<float, 3>({2, 4, 2}, at),
               kernel = tensor<float, 2>({2, Columns}, k), recurrent = tensor<float, 2>({3, Columns}, r),
               bias = tensor<float, 1>({Columns}, b), dy = tensor<float, 2>({2, 3}, weight));
  CHECK(same(value, y, 2e-5));
  CHECK(same(vx, slopes[0], 2e-5));
  CHECK(same(vk, slopes[1], 2e-5));
  CHECK(same(vr, slopes[2], 2e-5));
  CHECK(same(vb, slopes[3], 2e-5));
}
}  // namespace

TEST_CASE("lstm_step: Keras' order, with hard sigmoids") {
  check<12>(
      [](auto const& kernel, auto const& recurrent, auto const& bias) {
        auto const turned = tf::transpose(x, tf::axes<1, 0, 2>);
        tf::detail::step_of_weights<keras_lstm, std::remove_cvref_t<decltype(recurrent)>> const step{{recurrent}};
        auto const made = tf::detail::time_loop<false>{}.run(
            step, std::tuple{none, none}, std::tuple{tf::composition<project>(turned, kernel, bias)});
        return std::get<1>(std::get<1>(made));
      },
      lstm_x, lstm_kernel, lstm_recurrent_kernel, lstm_bias, lstm_y, lstm_dy,
      {lstm_dx, lstm_d_kernel, lstm_d_recurrent_kernel, lstm_d_bias});
}
TEST_CASE("gru_step: Keras' order, with hard sigmoids") {
  check<9>(
      [](auto const& kernel, auto const& recurrent, auto const& bias) {
        return layer<keras_gru<tf::gru_reset::before>>(x, kernel, bias, std::tuple{none}, recurrent);
      },
      gru_x, gru_kernel, gru_recurrent_kernel, gru_bias, gru_y, gru_dy,
      {gru_dx, gru_d_kernel, gru_d_recurrent_kernel, gru_d_bias});
}
TEST_CASE("gru_step: the reset after the product, with and without a bias of its own") {
  auto const kernel = tf::constant<"kernel">(tensor<float, 2>({2, 9}, gru_kernel), tf::shape<2, 9>);
  auto const recurrent = tf::constant<"recurrent">(tensor<float, 2>({3, 9}, gru_recurrent_kernel), tf::shape<3, 9>);
  auto const bias = tf::constant<"bias">(tensor<float, 1>({9}, gru_bias), tf::shape<9>);
  auto const own = tf::constant<"own">({0.3f, -0.2f, 0.1f});
  tf::Session sess;
  auto const with = layer<keras_gru<tf::gru_reset::after>>(x, kernel, bias, std::tuple{none}, recurrent, own);
  auto const without = layer<keras_gru<tf::gru_reset::after>>(x, kernel, bias, std::tuple{none}, recurrent);
  auto const [a, b] = sess.run(tf::fetch(with, without), x = tensor<float, 3>({2, 4, 2}, gru_x));
  auto const by_hand = [&](numbers const& extra) {
    numbers all;
    for (std::size_t row = 0; row < 2; ++row) {
      numbers h(3, 0.0);
      for (std::size_t t = 0; t < 4; ++t) {
        numbers const in{gru_x[(row * 4 + t) * 2], gru_x[(row * 4 + t) * 2 + 1]};
        numbers const given = rnn_test::affine(in, {}, gru_kernel, gru_bias);
        numbers const seen = rnn_test::affine(h, {}, gru_recurrent_kernel, numbers(9, 0.0));
        for (std::size_t k = 0; k < 3; ++k) {
          double const z = rnn_test::hard_sigmoid(given[k] + seen[k]);
          double const r = rnn_test::hard_sigmoid(given[3 + k] + seen[3 + k]);
          h[k] = z * h[k] + (1 - z) * std::tanh(given[6 + k] + r * (seen[6 + k] + extra[k]));
        }
      }
      all.insert(all.end(), h.begin(), h.end());
    }
    return all;
  };
  CHECK(same(a, by_hand({0.3, -0.2, 0.1}), 2e-6));
  CHECK(same(b, by_hand({0, 0, 0}), 2e-6));
}
