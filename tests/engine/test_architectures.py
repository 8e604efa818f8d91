"Models of many architectures give a row in a batch what they give it alone; where rows share a pass, wrong lengths must show."
import mlx.core as mx
import mlx_lm
import pytest

from dspy_toolkit.engine.apart import Apart
from dspy_toolkit.engine.batch import MLXBackend
from dspy_toolkit.engine.merged import MERGED, Merged
from dspy_toolkit.engine.models import load, random_model
from dspy_toolkit.engine.packed import Packed
from dspy_toolkit.engine.ragged import RAGGED, Ragged, is_ragged
from dspy_toolkit.engine.worker import Generation

MOE = dict(num_experts=4, num_experts_per_tok=2, decoder_sparse_step=1, mlp_only_layers=[], moe_intermediate_size=32, norm_topk_prob=True)
CONFIGS = {
    'llama': {}, 'qwen2': {}, 'qwen3': {}, 'qwen3_moe': MOE, 'mixtral': dict(num_local_experts=4, num_experts_per_tok=2), 'gemma': {}, 'phi3': {}, 'olmo2': {},
    'granite': dict(logits_scaling=2.0, attention_multiplier=0.25, embedding_multiplier=2.0, residual_multiplier=0.5, attention_bias=False, mlp_bias=False),
    'smollm3': dict(no_rope_layer_interval=2), 'starcoder2': dict(norm_epsilon=1e-5), 'stablelm': dict(partial_rotary_factor=0.5, use_qkv_bias=True, layer_norm_eps=1e-5),
}
OTHERS = {
    'gemma3_text': dict(sliding_window=8, sliding_window_pattern=2, query_pre_attn_scalar=16, num_hidden_layers=4),
    'mamba2': dict(num_heads=4, time_step_rank=2, state_size=16, conv_kernel=4, n_groups=1, time_step_limit=[0.001, 0.1], head_dim=16, expand=2, use_bias=False, use_conv_bias=True, layer_norm_epsilon=1e-5),
    'lfm2': dict(norm_eps=1e-5, conv_bias=False, conv_L_cache=3, layer_types=['conv', 'full_attention'], block_dim=32, block_ff_dim=64, block_multiple_of=16,
                 block_ffn_dim_multiplier=1.0, block_auto_adjust_ff_dim=False, max_position_embeddings=2048),
}
OTHERS |= {
    'gemma2': dict(query_pre_attn_scalar=16, attn_logit_softcapping=50.0, final_logit_softcapping=30.0, sliding_window=8),
    'gpt_oss': dict(sliding_window=8, num_local_experts=4, num_experts_per_tok=2, layer_types=['sliding_attention', 'full_attention']),
    'falcon_h1': dict(mamba_d_conv=4, mamba_d_state=16, mamba_d_ssm=64, mamba_n_heads=4, mamba_d_head=16, mamba_n_groups=1, mamba_chunk_size=8, mamba_expand=2,
                      attention_in_multiplier=1.0, attention_out_multiplier=1.0, embedding_multiplier=1.0, key_multiplier=1.0, lm_head_multiplier=1.0,
                      mlp_multipliers=[1.0, 1.0], ssm_in_multiplier=1.0, ssm_multipliers=[1.0] * 5, ssm_out_multiplier=1.0, mamba_rms_norm=False, mamba_norm_before_gate=False),
    'qwen3_next': dict(MOE, linear_num_value_heads=4, linear_num_key_heads=2, linear_key_head_dim=16, linear_value_head_dim=16, linear_conv_kernel_dim=4,
                       shared_expert_intermediate_size=32, full_attention_interval=2, partial_rotary_factor=0.5),
    'mamba': dict(state_size=8, conv_kernel=4, use_bias=False, use_conv_bias=True, time_step_rank=4, expand=2),
}
schema = {'type': 'object', 'required': ['answer', 'why'], 'properties': {'answer': {'enum': ['yes', 'no']}, 'why': {'type': 'string', 'maxLength': 12}}}


@pytest.fixture(scope='module')
def folder(tmp_path_factory):
    made = {}

    def make(kind):
        if kind not in made: made[kind] = random_model(tmp_path_factory.mktemp(kind), hidden=32, model_type=kind, **(CONFIGS | OTHERS)[kind])
        return made[kind]
    return make


def test_every_architecture_on_the_lists_is_tried_here(): assert set(CONFIGS) == RAGGED and MERGED < set(OTHERS)


@pytest.mark.parametrize('kind', sorted(CONFIGS))
def test_rows_of_different_lengths_share_a_pass_and_wrong_lengths_show(folder, kind):
    model = load(folder(kind)).model
    assert is_ragged(model)
    begun, then = [[5, 9, 200, 31], [7], [3, 3, 3, 8, 1, 90, 91]], [[4], [40, 41, 42], [8, 9]]

    def last(batch):
        for _ in begun: batch.admit()
        batch.compute_logits(begun)
        return batch.compute_logits(then)
    alone = mx.concatenate([model(mx.array([a + b]))[:, -1] for a, b in zip(begun, then)])
    scale = mx.abs(alone).max().item()
    assert mx.abs(last(Ragged(model)) - alone).max().item() < 1e-3 * scale
    assert mx.abs(last(Packed(model)) - alone).max().item() < 1e-3 * scale

    class Wrong(Ragged):  # the lengths of left-aligned rows, taken for equal
        def forward(self, tokens):
            out = super().forward(tokens)
            self.lengths.values = [max(self.lengths.values)] * len(tokens)
            return out
    assert mx.abs(last(Wrong(model)) - alone).max().item() > 1e-2 * scale

    class Misplaced(Packed):  # a row's positions, counted from where another's end
        def forward(self, tokens):
            out = super().forward(tokens)
            for sequence in self.sequences: sequence.own_length = max(s.own_length for s in self.sequences)
            return out
    assert mx.abs(last(Misplaced(model)) - alone).max().item() > 1e-2 * scale


@pytest.mark.parametrize('kind', ['llama', 'qwen3', 'qwen3_moe', *sorted(OTHERS)])
def test_a_batch_gives_what_each_gets_alone_and_types_parse(folder, kind):
    backend = MLXBackend(f'mlx/{folder(kind)}', slots=4)
    backend.load()
    assert type(backend.scheduler.batch) is (Packed if kind in RAGGED else Merged if kind in MERGED else Apart)
    asked = [Generation(({'role': 'user', 'content': text},), schema if i % 2 else None, max_tokens=40, temperature=0.7 * (i > 1), seed=i)
             for i, text in enumerate(['Is the sky blue?', 'no ' * 30, 'Well', 'The café is open.'])]

    def run(*generations):
        texts, ends, step = [''] * len(generations), set(), 0
        while len(ends) < len(generations):
            if step % 3 == 0 and step // 3 < len(generations): backend.admit(step // 3, generations[step // 3])  # they come one after the other
            step += 1
            for piece in backend.step():
                assert piece.error is None, piece.error
                texts[piece.uid] += piece.text
                if piece.finish_reason: ends.add(piece.uid)
        return texts
    together = run(*asked)
    assert together == [run(g)[0] for g in asked]
    greedy = mlx_lm.generate(backend.loaded.model, backend.loaded.tokenizer, backend.encode_prompt(asked[0].messages), max_tokens=40)
    assert together[0].strip() == greedy.strip()
    backend.close()
