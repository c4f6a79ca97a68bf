namespace Penstock.Sources.Files;

/// <summary>
/// Finds the line number of an offset by counting line breaks from the start of the file. Only messages need it, so readers do not count.
/// Continues from the last result while offsets increase.
/// </summary>
internal sealed class LineCounter(IInputFiles files, FileSplit file) : IDisposable
{
    private readonly byte[] _block = new byte[64 * 1024];
    private FileByteInput? _input;
    private long _line;

    /// <summary>Returns the line number, from 1, of the byte at an offset.</summary>
    public long LineAt(long offset)
    {
        if (_input == null || _input.Position > offset)
        {
            _input?.Dispose();
            _input = FileByteInput.Open(files, file, 0);
            _line = 1;
        }

        while (_input.Position < offset)
        {
            var count = _input.Read(_block.AsSpan(0, (int)Math.Min(_block.Length, offset - _input.Position)));
            if (count == 0)
            {
                break;
            }

            _line += _block.AsSpan(0, count).Count((byte)'\n');
        }

        return _line;
    }

    public void Dispose() => _input?.Dispose();
}
