using Penstock.Generator.Emit.Values;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit.Codecs;

/// <summary>
/// Emits the codec of rows that are sent to another process, or kept in memory. Members are serialized like those of state, except for
/// text, which is shorter.
/// </summary>
internal static class RowCodecEmitter
{
    public static void Emit(CodeWriter code, ValueModel rows, string name)
    {
        var methods = new CodecMethods([rows]) { HasCompactText = true };
        code.Line(
            $"/// <summary>Writes and reads {CSharp.Comment(rows.Type.FullName)} rows that are sent to another process or kept in memory.</summary>");
        using (code.Braces($"private readonly struct {name} : {CSharp.Penstock}Streams.IRowCodec<{rows.Type}>"))
        {
            if (BlittableLayout.SizeOfRow(rows) is > 0 and var size)
            {
                code.Line($"public static int BlittableSize => {size};");
                code.Line();
            }
            else if (BlittableLayout.FixedSizeOf(rows) is > 0 and var fixedSize)
            {
                code.Line($"public static int FixedSize => {fixedSize};");
                code.Line();
            }

            using (CompositeEmitter.Method(
                code,
                $"public static void Write<TBuffer>(ref global::MemoryPack.MemoryPackWriter<TBuffer> writer, in {rows.Type} value)",
                isGeneric: true))
            {
                if (rows.IsComposite)
                {
                    CompositeEmitter.Write(code, rows, methods);
                }
                else
                {
                    new WriteEmitter(code, methods).Write([(rows, "value")]);
                }
            }

            code.Line();
            using (CompositeEmitter.Method(code, $"public static {rows.Type} Read(ref global::MemoryPack.MemoryPackReader reader)"))
            {
                if (rows.IsComposite)
                {
                    CompositeEmitter.Read(code, rows, methods);
                }
                else
                {
                    code.Line($"return {new ReadEmitter(code, methods, []).ReadLast(rows, "value")};");
                }
            }

            CompositeEmitter.Emit(code, methods, withCopies: false, whole: rows);
        }
    }
}
