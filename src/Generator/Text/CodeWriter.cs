using System.Text;

namespace Penstock.Generator.Text;

/// <summary>
/// Writes indented C#: types behind the aliases of their namespaces, lines of at most <see cref="LineBreaker.Width"/> columns.
/// </summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private NamespaceAliases? _aliases;
    private int _head;
    private int _indent;

    /// <summary>
    /// Writes the namespace of all that follows. Only inside of one are there aliases: those of a whole file must not have the name of a
    /// <c>global using</c> alias, and nothing tells which there are.
    /// </summary>
    public void Namespace(string name)
    {
        Line($"namespace {name};");
        Line();
        _head = _text.Length;
        _aliases = new NamespaceAliases(name);
    }

    /// <summary>Writes a line; an empty one has no indentation.</summary>
    public void Line(string line = "")
    {
        var bare = line.TrimStart(' ');
        if (bare.Length > 0)
        {
            LineBreaker.Write(_text, (_indent * 4) + line.Length - bare.Length, _aliases?.Shorten(bare) ?? bare);
        }
        else
        {
            _text.Append('\n');
        }
    }

    /// <summary>Opens a braced block; dispose the result to close it.</summary>
    public Block Braces(string head)
    {
        Line(head);
        return Braces();
    }

    /// <summary>Opens a braced block whose head is already written.</summary>
    public Block Braces()
    {
        Line("{");
        _indent++;
        return new Block(this, "}");
    }

    /// <summary>Indents lines until the result is disposed.</summary>
    public Block Indent()
    {
        _indent++;
        return new Block(this, null);
    }

    /// <summary>Writes parts with a blank line between each two.</summary>
    public void Separated(IEnumerable<Action> parts)
    {
        var isFirst = true;
        foreach (var part in parts)
        {
            if (!isFirst)
            {
                Line();
            }

            isFirst = false;
            part();
        }
    }

    /// <summary>The place of the next line, for <see cref="DeclareAt"/>.</summary>
    public int Place => _text.Length;

    /// <summary>Declares a variable at an earlier place, if what has been written since then uses it.</summary>
    /// <param name="place">The place.</param>
    /// <param name="use">How it is used.</param>
    /// <param name="declaration">Its declaration.</param>
    public void DeclareAt(int place, string use, string declaration)
    {
        if (_text.ToString(place, _text.Length - place).Contains(use))
        {
            _text.Insert(place, new string(' ', _indent * 4) + (_aliases?.Shorten(declaration) ?? declaration) + "\n");
        }
    }

    /// <summary>What has been written, with the aliases that it uses.</summary>
    public override string ToString()
    {
        var usings = string.Concat((_aliases?.Usings ?? []).Select(static line => line + "\n"));
        return usings.Length == 0 ? _text.ToString() : _text.ToString().Insert(_head, usings + "\n");
    }

    internal readonly struct Block(CodeWriter writer, string? end) : IDisposable
    {
        public void Dispose()
        {
            writer._indent--;
            if (end != null)
            {
                writer.Line(end);
            }
        }
    }
}
