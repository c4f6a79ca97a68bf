using Penstock.Generator.Emit.Values;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit.Codecs;

/// <summary>Emits the codec of rows that go to another process: their members are written as those of states are.</summary>
internal static class RowCodecEmitter
{
    public static void Emit(CodeWriter code, ValueModel rows, string name)
    {
        var methods = new CodecMethods([rows]);
        code.Line($"/// <summary>Writes rows of type {CSharp.Comment(rows.Type.Replace("global::", ""))} where they go to another process.</summary>");
        using (code.Braces($"private readonly struct {name} : {CSharp.Penstock}Streams.IRowCodec<{rows.Type}>"))
        {
            if (PlainLayout.SizeOfRow(rows) is > 0 and var size)
            {
                code.Line($"public static int PlainSize => {size};");
                code.Line();
            }

            using (CompositeEmitter.Method(code, $"public static void Write<TBuffer>(ref global::MemoryPack.MemoryPackWriter<TBuffer> writer, in {rows.Type} row)", isGeneric: true))
            {
                new WriteEmitter(code, methods).Write([(rows, "row")]);
            }

            code.Line();
            using (CompositeEmitter.Method(code, $"public static {rows.Type} Read(ref global::MemoryPack.MemoryPackReader reader)"))
            {
                code.Line($"return {new ReadEmitter(code, methods, []).Read([(rows, "row")])[0]};");
            }

            CompositeEmitter.Emit(code, methods, withCopies: false);
        }
    }
}
