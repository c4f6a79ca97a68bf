using Penstock.Generator.Emit.Values;
using Penstock.Generator.Identifiers;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>Emits the calls of <c>[StateUpgrade]</c> methods for a restore, by their positions in the schema.</summary>
internal static class UpgradeEmitter
{
    public static void Emit(CodeWriter code, IReadOnlyList<(UpgradeModel Upgrade, ValueModel Result)> upgrades, CodecMethods methods)
    {
        using (code.Braces("switch (upgrade)"))
        {
            for (var i = 0; i < upgrades.Count; i++)
            {
                var (upgrade, result) = upgrades[i];
                code.Line($"case {i}:");
                using (code.Braces())
                {
                    var arguments = new ReadEmitter(
                        code,
                        methods,
                        ["upgrade", "writer", "result"]).Read(upgrade.Takes.Select(static parameter => (parameter.Value, parameter.Name)));
                    code.Line($"var result = {upgrade.Operator}.{Identifier.Escape(upgrade.Method)}({string.Join(", ", arguments)});");
                    new WriteEmitter(code, methods).Write([(result, "result")]);
                    code.Line("break;");
                }
            }
        }
    }
}
