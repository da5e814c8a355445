"""The footer of a Parquet file against PyArrow's own reading of it; and one on which PyArrow ends the process."""

from __future__ import annotations

import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lossviz.data.files.footer import column_chunks
from lossviz.data.files.loader import preview, read
from lossviz.data.files.pages import CompactProtocol
from lossviz.data.files.problems import FileProblem

BROKEN = Path(__file__).parent / "broken" / "level_histogram.parquet"
DELTA = "DELTA_BYTE_ARRAY"


def parquet_bytes(compression: str, encoding: str | None, statistics: bool) -> io.BytesIO:
    table = pa.table(
        {
            "logits": pa.array([[0.5, -1.0], [2.0, 3.0]] * 50, pa.list_(pa.float32())),
            "label": [0, 1] * 50,
            "id": [f"sample-{n}" for n in range(100)],
            "both": [{"a": n, "b": str(n)} for n in range(100)],
        }
    )
    file = io.BytesIO()
    encodings = {} if encoding is None else {"use_dictionary": ["label"], "column_encoding": {"id": encoding}}
    pq.write_table(table, file, row_group_size=30, compression=compression, write_statistics=statistics, **encodings)
    return file


@pytest.mark.parametrize("statistics", [True, False])
@pytest.mark.parametrize("encoding", [None, DELTA])
@pytest.mark.parametrize("compression", ["none", "snappy", "gzip", "zstd", "lz4", "brotli"])
def test_the_footer_is_read_as_pyarrow_reads_it(compression: str, encoding: str | None, statistics: bool) -> None:
    file = parquet_bytes(compression, encoding, statistics)
    metadata = pq.ParquetFile(file).metadata
    groups = column_chunks(file)
    assert [len(group) for group in groups] == [metadata.num_columns] * metadata.num_row_groups == [5] * 4
    for g, group in enumerate(groups):
        for k, chunk in enumerate(group):
            theirs = metadata.row_group(g).column(k)
            assert chunk.num_values == theirs.num_values
            assert chunk.total_compressed_size == theirs.total_compressed_size
            assert chunk.data_page_offset == theirs.data_page_offset
            assert chunk.dictionary_page_offset == theirs.dictionary_page_offset
            assert chunk.is_delta == any("DELTA" in name for name in theirs.encodings) == (k == 2 and encoding == DELTA)
            names = {"UNCOMPRESSED": None, "LZ4": "lz4_raw"}
            assert chunk.codec == names.get(theirs.compression, theirs.compression.lower())


def test_a_footer_that_contradicts_itself_does_not_end_the_process() -> None:
    with BROKEN.open("rb") as file:
        assert preview(file, BROKEN.name).problem
    with BROKEN.open("rb") as file, pytest.raises(FileProblem):
        read(file, BROKEN.name)


@pytest.mark.parametrize("cut", range(0, 400, 7))
def test_a_footer_that_is_cut_off_is_refused(cut: int) -> None:
    whole = parquet_bytes("snappy", None, True).getvalue()
    length = int.from_bytes(whole[-8:-4], "little")
    file = io.BytesIO(
        whole[: -8 - length] + whole[-8 - length : -8 - cut - 1] + (length - cut - 1).to_bytes(4, "little") + b"PAR1"
    )
    with pytest.raises(FileProblem, match="damaged"):
        column_chunks(file)


@pytest.mark.parametrize("kind", range(1, 8))
def test_a_list_of_more_items_than_there_are_bytes_ends_at_once(kind: int) -> None:
    compact = CompactProtocol(bytes([0xF0 | kind, *[0xFF] * 8, 0x7F, 0]))
    with pytest.raises(IndexError):
        compact.skip(9)
        next(compact.fields())
