"""The Llama-shaped network of `mlx/tiny`, in PyTorch, for training only.

Weights carry the names of mlx-lm's `llama` model (q_proj, k_proj, ...), so a state dict saved as
safetensors loads in MLX as it is. Embeddings are tied. Rotary position embeddings are the
half-split kind that `mlx.nn.RoPE(traditional=False)` computes (Su et al. 2021, arXiv:2104.09864).
"""
from dataclasses import asdict, dataclass

import torch
from torch import nn
from torch.nn import functional as F


@dataclass(frozen=True)
class Shape:
    "Sizes of the network; the names of the fields are those of a Llama config.json."
    vocab_size: int = 5120
    hidden_size: int = 160
    num_hidden_layers: int = 6
    intermediate_size: int = 416
    num_attention_heads: int = 5
    num_key_value_heads: int = 5
    max_position_embeddings: int = 2048  # tokens
    rope_theta: float = 10000.0
    rms_norm_eps: float = 1e-5

    @property
    def head_dim(self): return self.hidden_size // self.num_attention_heads

    def config(self, **tokens) -> dict:
        "The config.json that mlx-lm reads."
        return dict(model_type='llama', architectures=['LlamaForCausalLM'], **asdict(self), head_dim=self.head_dim,
                    tie_word_embeddings=True, attention_bias=False, mlp_bias=False, hidden_act='silu', torch_dtype='float16', **tokens)


def rope_table(shape: Shape, length: int):
    "cos and sin, each (length, head_dim/2) float32."
    freq = shape.rope_theta ** (-torch.arange(0, shape.head_dim, 2).float() / shape.head_dim)
    angle = torch.arange(length).float()[:, None] * freq
    return angle.cos(), angle.sin()


def rotate(x, cos, sin):
    "Rotate the two halves of the last axis of x, (batch, heads, length, head_dim)."
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos - b * sin, b * cos + a * sin], -1)


class Norm(nn.Module):
    def __init__(self, width, eps):
        super().__init__()
        self.weight, self.eps = nn.Parameter(torch.ones(width)), eps

    def forward(self, x): return F.rms_norm(x, x.shape[-1:], self.weight, self.eps)


class Attention(nn.Module):
    def __init__(self, s: Shape):
        super().__init__()
        self.s, d, h = s, s.hidden_size, s.head_dim
        self.q_proj = nn.Linear(d, s.num_attention_heads * h, bias=False)
        self.k_proj = nn.Linear(d, s.num_key_value_heads * h, bias=False)
        self.v_proj = nn.Linear(d, s.num_key_value_heads * h, bias=False)
        self.o_proj = nn.Linear(s.num_attention_heads * h, d, bias=False)

    def forward(self, x, cos, sin):
        B, L, _ = x.shape
        def heads(y): return y.view(B, L, -1, self.s.head_dim).transpose(1, 2)
        q, k, v = rotate(heads(self.q_proj(x)), cos, sin), rotate(heads(self.k_proj(x)), cos, sin), heads(self.v_proj(x))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=self.s.num_key_value_heads != self.s.num_attention_heads)
        return self.o_proj(y.transpose(1, 2).reshape(B, L, -1))


class MLP(nn.Module):
    def __init__(self, s: Shape):
        super().__init__()
        self.gate_proj = nn.Linear(s.hidden_size, s.intermediate_size, bias=False)
        self.up_proj = nn.Linear(s.hidden_size, s.intermediate_size, bias=False)
        self.down_proj = nn.Linear(s.intermediate_size, s.hidden_size, bias=False)

    def forward(self, x): return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Block(nn.Module):
    def __init__(self, s: Shape):
        super().__init__()
        self.self_attn, self.mlp = Attention(s), MLP(s)
        self.input_layernorm, self.post_attention_layernorm = Norm(s.hidden_size, s.rms_norm_eps), Norm(s.hidden_size, s.rms_norm_eps)

    def forward(self, x, cos, sin):
        x = x + self.self_attn(self.input_layernorm(x), cos, sin)
        return x + self.mlp(self.post_attention_layernorm(x))


class Inner(nn.Module):
    def __init__(self, s: Shape):
        super().__init__()
        self.embed_tokens = nn.Embedding(s.vocab_size, s.hidden_size)
        self.layers = nn.ModuleList(Block(s) for _ in range(s.num_hidden_layers))
        self.norm = Norm(s.hidden_size, s.rms_norm_eps)


class Tiny(nn.Module):
    "Llama with tied embeddings; `forward` scores only the positions that carry a loss."

    def __init__(self, s: Shape):
        super().__init__()
        self.shape, self.model = s, Inner(s)
        for name, p in self.named_parameters():
            if p.dim() == 2: nn.init.normal_(p, std=0.02)
            if name.endswith(('o_proj.weight', 'down_proj.weight')): nn.init.normal_(p, std=0.02 / (2 * s.num_hidden_layers) ** 0.5)
        # the residual stream begins with who the token is, loud enough to be heard behind the first layers; the last norm quiets the logits
        nn.init.normal_(self.model.embed_tokens.weight, std=.5)
        self.model.norm.weight.data.fill_(.06)
        for name, table in zip(('cos', 'sin'), rope_table(s, s.max_position_embeddings)): self.register_buffer(name, table, persistent=False)

    def hidden(self, ids):  # ids (batch, length) int64 -> (batch, length, hidden_size)
        x, cos, sin = self.model.embed_tokens(ids), self.cos[:ids.shape[1]], self.sin[:ids.shape[1]]
        for layer in self.model.layers: x = layer(x, cos, sin)
        return self.model.norm(x)

    def forward(
        self,
        ids,  # (batch, length) int64, padded on the right
        where,  # (n,) int64, flat positions in (batch * length) whose next token is scored
    ):  # (n, vocab_size) float32 logits
        h = self.hidden(ids).flatten(0, 1)
        return h.index_select(0, where) @ self.model.embed_tokens.weight.T
